import { toNumber } from '../bson/arithmetic.ts'
import { decodeDocument } from '../bson/decode.ts'
import { type Doc, int, isNumeric, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { type Collection, normalized } from '../store/collection.ts'
import { refuseInsert } from '../store/document-limits.ts'
import { arrayOption, type Context, collectionName, collectionOf, type Handler, ok } from './context.ts'
import { hits } from './find.ts'
import { newObjectId } from './new-object-id.ts'
import { refuseMany, WriteErrors } from './write-errors.ts'

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
