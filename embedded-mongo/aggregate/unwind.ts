import { type Doc, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { paced, type Stream } from '../stream.ts'
import { fieldPath, withField } from './field-path.ts'
import { isNullish } from './scope.ts'
import type { Stage } from './stage.ts'

export function unwind(specification: Value): Stage {
  if (!(specification instanceof Map) && typeof specification !== 'string')
    fail(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(specification)}`,
    )
  const options = specification instanceof Map ? specification : new Map<string, Value>([['path', specification]])
  for (const name of options.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name))
      fail(28811, `unrecognized option to $unwind stage: ${name}`)
  }
  const path = options.get('path') ?? fail(28812, 'no path specified to $unwind stage')
  if (typeof path !== 'string') return fail(28808, 'expected a string as the path for $unwind stage')
  if (!path.startsWith('$')) fail(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
  const indexName = options.get('includeArrayIndex')
  if (indexName !== undefined && (typeof indexName !== 'string' || indexName === ''))
    return fail(28810, 'expected a non-empty string for the includeArrayIndex  option to $unwind stage')
  if (indexName?.startsWith('$'))
    fail(28822, `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${indexName}`)
  if (indexName?.includes('.')) fail(115, 'includeArrayIndex with a dotted path is not supported by the embedded store')
  const keep = options.get('preserveNullAndEmptyArrays') ?? false
  if (typeof keep !== 'boolean')
    return fail(28809, 'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage')
  const parts = fieldPath(path.slice(1))
  return (documents) => paced(allUnwound(documents, (document) => unwound(document, parts, keep, indexName)))
}

function* allUnwound(documents: Stream<Doc>, open: (document: Doc) => Stream<Doc>): Stream<Doc> {
  for (const document of documents) {
    if (document) yield* open(document)
    else yield undefined
  }
}

function* unwound(document: Doc, parts: string[], keep: boolean, indexName: string | undefined): Stream<Doc> {
  const value = fieldAt(document, parts)
  const put = (made: Doc, at: Value) => (indexName === undefined ? made : new Map(made).set(indexName, at))
  if (!Array.isArray(value)) {
    if (!isNullish(value) || keep) yield put(document, null)
  } else if (value.length > 0) {
    for (const [at, element] of value.entries()) yield put(withField(document, parts, element), BigInt(at))
  } else if (keep) yield put(withField(document, parts, undefined), null)
}

const fieldAt = (document: Doc, parts: string[]): Value | undefined =>
  parts.reduce<Value | undefined>((value, part) => (value instanceof Map ? value.get(part) : undefined), document)
