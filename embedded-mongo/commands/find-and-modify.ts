import { type Projection, parseProjection } from '../aggregate/projection.ts'
import { decodeDocument } from '../bson/decode.ts'
import { type Encodable, RawDocument } from '../bson/encode.ts'
import { type Doc, int } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Filter, type Found, matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { parseUpdate } from '../update/parse-update.ts'
import { type Context, collectionName, collectionOf, fields, flag, type Handler, ok, type Reply } from './context.ts'
import { hits, parseFindSort } from './find.ts'
import { runUpdate, type UpdateStatement } from './update.ts'

export const findAndModify: Handler = (context, command) => {
  const projection = parseProjection(command.get('fields'), context.clock)
  if (projection?.positional && flag(command, 'new'))
    fail(2, 'cannot use a positional projection and return the new document')
  const query = {
    filter: parseFilter(command.get('query') ?? undefined, context.clock),
    sort: parseFindSort(command.get('sort')),
    hint: command.get('hint'),
  }
  if (!flag(command, 'remove')) return modify(context, command, query, projection)
  if (command.has('update')) fail(9, 'Cannot specify both an update and remove=true')
  if (flag(command, 'upsert')) fail(9, 'Cannot specify both upsert=true and remove=true')
  if (flag(command, 'new'))
    fail(9, "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document")
  return remove(context, command, query, projection)
}

type Selection = Pick<UpdateStatement, 'filter' | 'sort' | 'hint'>

function remove(context: Context, command: Doc, query: Selection, projection: Projection | undefined): Reply {
  const collection = collectionOf(context, command)
  if (collection) {
    for (const hit of hits(context.kv, collection, { ...query, skip: 0, limit: 1 })) {
      context.checkTime()
      if (!hit) continue
      collection.remove(hit.idKey, decodeDocument(hit.bytes))
      return ok({ lastErrorObject: fields({ n: int(1) }), value: projected(hit.bytes, query.filter, projection) })
    }
  }
  return ok({ lastErrorObject: fields({ n: int(0) }), value: null })
}

function modify(context: Context, command: Doc, query: Selection, projection: Projection | undefined): Reply {
  if (!command.has('update')) fail(9, 'Either an update or remove=true must be specified')
  const update = parseUpdate(command.get('update'), command.get('arrayFilters'), context.clock)
  const statement: UpdateStatement = { ...query, update, multi: false, upsert: flag(command, 'upsert') }
  const result = runUpdate(context, collectionName(command), statement)
  const found = result.matched > 0
  const status: Record<string, Encodable> = {
    n: int(found || result.upserted !== undefined ? 1 : 0),
    updatedExisting: found,
  }
  if (result.upserted !== undefined) status.upserted = result.upserted
  const wanted = flag(command, 'new') ? result.after : result.before
  return ok({
    lastErrorObject: fields(status),
    value: wanted === undefined ? null : projected(wanted, query.filter, projection),
  })
}

function projected(document: Doc | Buffer, filter: Filter, projection: Projection | undefined): Encodable {
  if (!projection) return document instanceof Map ? document : new RawDocument(document)
  const decoded = document instanceof Map ? document : decodeDocument(document)
  const found: Found = { position: undefined }
  if (projection.positional) matches(filter, decoded, found)
  return projection.project(decoded, found.position)
}
