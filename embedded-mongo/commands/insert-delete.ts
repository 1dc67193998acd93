import { toNumber } from '../bson/arithmetic.ts'
import { decodeDocument } from '../bson/decode.ts'
import type { Encodable } from '../bson/encode.ts'
import { type Doc, int, isNumeric, type Value } from '../bson/values.ts'
import { CommandError, fail } from '../errors.ts'
import { mostWrites } from '../limits.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { type Collection, normalized } from '../store/collection.ts'
import { refuseInsert } from '../store/document-limits.ts'
import {
  arrayOption,
  type Context,
  collectionName,
  collectionOf,
  flag,
  type Handler,
  newObjectId,
  ok,
  type Reply,
} from './context.ts'
import { hits } from './find.ts'

/** The errors of single writes: with `ordered` the first one ends the command. */
export class WriteErrors {
  readonly #list: Encodable[] = []
  readonly #ordered: boolean
  constructor(command: Doc) {
    this.#ordered = !command.has('ordered') || flag(command, 'ordered')
  }

  /** Runs one write; false when the command is to stop. */
  attempt(index: number, write: () => void): boolean {
    try {
      write()
      return true
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      const { code, message, extra } = error
      this.#list.push(
        new Map<string, Value>([['index', int(index)], ['code', int(code)], ...(extra ?? []), ['errmsg', message]]),
      )
      return !this.#ordered
    }
  }

  addTo(reply: Reply): Reply {
    if (this.#list.length > 0) {
      reply.delete('ok')
      reply.set('writeErrors', this.#list).set('ok', 1)
    }
    return reply
  }
}

export function refuseMany(count: number): void {
  if (count === 0 || count > mostWrites)
    fail(16, `Write batch sizes must be between 1 and ${mostWrites}. Got ${count} operations.`)
}

export const insert: Handler = (context, command) => {
  const documents = arrayOption(command, 'documents')
  refuseMany(documents.length)
  if (!documents.every((each) => each instanceof Map))
    return fail(14, "BSON field 'insert.documents' must hold objects")
  const collection = context.catalog.ensure(context.database, collectionName(command))
  const errors = new WriteErrors(command)
  let n = 0
  for (const [at, document] of documents.entries()) {
    const insertOne = () => {
      insertDocument(collection, document as Doc, context.documents[at] as Buffer)
      n++
    }
    if (!errors.attempt(at, insertOne)) break
  }
  return errors.addTo(ok({ n: int(n) }))
}

export function insertDocument(collection: Collection, document: Doc, sent: Buffer): Doc {
  const ready = normalized(document, sent, newObjectId)
  refuseInsert(ready.document, ready.bytes.length)
  collection.insert(ready.document, ready.bytes)
  return ready.document
}

export const deleteCommand: Handler = (context, command) => {
  const deletes = arrayOption(command, 'deletes') as Doc[]
  refuseMany(deletes.length)
  for (const each of deletes) refuseOtherLimit(each.get('limit') as Value)
  const collection = collectionOf(context, command)
  const errors = new WriteErrors(command)
  let n = 0
  for (const [at, each] of deletes.entries()) {
    const remove = () => {
      n += context.kv.attempt(() => deleteMatching(context, collection, each))
    }
    if (!errors.attempt(at, remove)) break
  }
  return errors.addTo(ok({ n: int(n) }))
}

/** What is no number is 0 here: MongoDB deletes all then. */
function refuseOtherLimit(limit: Value): void {
  const number = isNumeric(limit) ? toNumber(limit) : 0
  if (number !== 0 && number !== 1) fail(9, `The limit field in delete objects must be 0 or 1. Got ${number}`)
}

function deleteMatching(context: Context, collection: Collection | undefined, statement: Doc): number {
  const filter = parseFilter(statement.get('q'), context.clock)
  const limit = statement.get('limit') as Value
  if (!collection) return 0
  const query = {
    filter,
    sort: [],
    skip: 0,
    limit: isNumeric(limit) && toNumber(limit) === 1 ? 1 : Number.POSITIVE_INFINITY,
    hint: statement.get('hint'),
  }
  let n = 0
  for (const hit of hits(context.kv, collection, query)) {
    context.checkTime()
    if (!hit) continue
    collection.remove(hit.idKey, decodeDocument(hit.bytes))
    n++
  }
  return n
}
