import { decodeDocument } from '../bson/decode.ts'
import { type Encodable, encodeDocument } from '../bson/encode.ts'
import { type Doc, int, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Filter, type Found, matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import type { SortField } from '../sort/sort.ts'
import { parseSort } from '../sort/sort.ts'
import type { Collection } from '../store/collection.ts'
import { refuseUpdate } from '../store/document-limits.ts'
import { KeyList } from '../store/key-list.ts'
import { applyUpdate, idFirst, upsertBase } from '../update/apply-update.ts'
import { parseUpdate, type Update } from '../update/parse-update.ts'
import { arrayOption, type Context, collectionName, flag, type Handler, ok } from './context.ts'
import { hits } from './find.ts'
import { insertDocument } from './insert-delete.ts'
import { newObjectId } from './new-object-id.ts'
import { refuseMany, WriteErrors } from './write-errors.ts'

/** One update, parsed and checked whole. */
export interface UpdateStatement {
  filter: Filter
  update: Update
  sort: SortField[]
  multi: boolean
  upsert: boolean
  hint: Value | undefined
}

export interface Changed {
  matched: number
  modified: number
  /** Of the last document: what it was and what it is. */
  before?: Buffer
  after?: Doc
  upserted?: Value
}

export const update: Handler = (context, command) => {
  const statements = arrayOption(command, 'updates')
  refuseMany(statements.length)
  const errors = new WriteErrors(command)
  const upserted: Encodable[] = []
  let [n, nModified] = [0, 0]
  for (const [at, each] of statements.entries()) {
    const run = () => {
      const statement = parseStatement(each as Doc, context)
      const result = statement.multi
        ? context.kv.attempt(() => runUpdate(context, collectionName(command), statement))
        : runUpdate(context, collectionName(command), statement)
      n += result.matched + (result.upserted === undefined ? 0 : 1)
      nModified += result.modified
      if (result.upserted !== undefined)
        upserted.push(
          new Map<string, Value>([
            ['index', int(at)],
            ['_id', result.upserted],
          ]),
        )
    }
    if (!errors.attempt(at, run)) break
  }
  return errors.addTo(ok({ n: int(n), nModified: int(nModified), ...(upserted.length > 0 ? { upserted } : {}) }))
}

function parseStatement(statement: Doc, { clock }: Context): UpdateStatement {
  const update = parseUpdate(statement.get('u'), statement.get('arrayFilters'), clock)
  const multi = flag(statement, 'multi')
  if (multi && update.kind === 'replace') fail(9, 'multi update is not supported for replacement-style update')
  const sort = parseSort(statement.get('sort'))
  if (multi && sort.length > 0) fail(9, 'Cannot specify sort with multi=true')
  return {
    filter: parseFilter(statement.get('q'), clock),
    update,
    sort,
    multi,
    upsert: flag(statement, 'upsert'),
    hint: statement.get('hint'),
  }
}

export function runUpdate(context: Context, name: string, statement: UpdateStatement): Changed {
  const { filter, update, sort, multi, upsert, hint } = statement
  if (upsert && holdsExpression(filter)) fail(224, '$expr is not allowed in the query predicate for an upsert')
  const collection = upsert
    ? context.catalog.ensure(context.database, name)
    : context.catalog.find(context.database, name)
  const result: Changed = { matched: 0, modified: 0 }
  if (collection) {
    const query = { filter, sort, skip: 0, limit: multi ? Number.POSITIVE_INFINITY : 1, hint }
    const found = new KeyList()
    // All are found before the first is changed: a changed one could otherwise be met again further on.
    for (const hit of hits(context.kv, collection, query)) {
      if (hit) found.push(hit.idKey)
      else context.checkTime()
    }
    for (const idKey of found) {
      context.checkTime()
      changeOne(collection, idKey, statement, result)
    }
    if (found.length === 0 && upsert) insertUpsert(collection, filter, update, result)
  }
  return result
}

function holdsExpression(filter: Filter): boolean {
  if (filter.kind === 'not') return holdsExpression(filter.child)
  return filter.kind === 'expression' || ('children' in filter && filter.children.some(holdsExpression))
}

function changeOne(collection: Collection, idKey: Buffer, { filter, update }: UpdateStatement, result: Changed): void {
  const bytes = collection.get(idKey) as Buffer
  const before = decodeDocument(bytes)
  const found: Found = { position: undefined }
  if (update.kind === 'operators' && update.positional) matches(filter, before, found)
  const after = applyUpdate(update, before, found.position)
  const encoded = encodeDocument(after)
  result.matched++
  result.before = bytes
  result.after = after
  if (encoded.equals(bytes)) return
  refuseUpdate(after, encoded.length)
  collection.replace(idKey, before, after, encoded)
  result.modified++
}

function insertUpsert(collection: Collection, filter: Filter, update: Update, result: Changed): void {
  const made = applyUpdate(update, upsertBase(filter, update.kind), undefined, true)
  const document = idFirst(made.has('_id') ? made : new Map<string, Value>([['_id', newObjectId()], ...made]))
  const inserted = insertDocument(collection, document, encodeDocument(document))
  result.after = inserted
  result.upserted = inserted.get('_id') as Value
}
