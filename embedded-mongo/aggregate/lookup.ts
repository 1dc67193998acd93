import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Filter } from '../match/filter.ts'
import { equalToAny } from '../match/parse-filter.ts'
import { valuesAlong } from '../match/walk.ts'
import { memoryOf, stageLimit } from '../memory.ts'
import type { Stream } from '../stream.ts'
import { fieldPath, withField } from './field-path.ts'
import type { Stage } from './stage.ts'

/** Reads another collection by a filter. */
export type Read = (collection: string) => (filter: Filter) => Stream<Doc>

export function lookup(specification: Value, read: Read): Stage {
  if (!(specification instanceof Map)) return fail(9, 'the $lookup specification must be an Object')
  for (const name of specification.keys()) {
    if (!['from', 'localField', 'foreignField', 'as'].includes(name))
      fail(115, `$lookup with '${name}' is not supported by the embedded store`)
  }
  const text = (name: string): string => {
    const value = specification.get(name)
    return typeof value === 'string' && value !== ''
      ? value
      : fail(9, `$lookup argument '${name}' must be a non-empty string`)
  }
  const [name, local, foreign, as] = [
    text('from'),
    fieldPath(text('localField')),
    fieldPath(text('foreignField')).join('.'),
    fieldPath(text('as')),
  ]
  const from = read(name)
  const tooMuch = `Total size of documents in ${name} matching pipeline's $lookup stage`
  return function* (documents) {
    for (const document of documents) {
      if (!document) {
        yield undefined
        continue
      }
      const found: Doc[] = []
      let bytes = 0
      for (const other of from(equalToAny(foreign, localValues(document, local)))) {
        if (!other) {
          yield undefined
          continue
        }
        found.push(other)
        bytes += memoryOf(other)
        if (bytes > stageLimit()) fail(4568, `${tooMuch} exceeds ${stageLimit()} bytes`)
      }
      yield withField(document, as, found)
      // Each document reads anew.
      yield undefined
    }
  }
}

/** Where there is no value, null is looked for. */
function localValues(document: Doc, parts: string[]): Value[] {
  const found: Value[] = []
  valuesAlong(document, parts, (value) => found.push(value))
  return found.length > 0 ? found : [null]
}
