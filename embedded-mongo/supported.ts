/**
 * What this store has of MongoDB. The commands' fields are checked against it, the operators by their parsers; tests
 * hold that both agree with it, that nothing the house sends is missing, and that README's table is made from it.
 */

export interface CommandSupport {
  /** Fields that do what MongoDB says, or change nothing there either. */
  options: readonly string[]
  /** Fields that MongoDB knows and this store has not: refused where they ask for something (115). */
  refused?: readonly string[]
  /** What must be there, of the fields of the command or the statement. */
  required?: readonly string[]
  /** The statements a command brings, by the field they stand in. */
  statements?: Readonly<Record<string, CommandSupport>>
  /** A greeting may say anything. */
  open?: true
  aliases?: readonly string[]
}

/**
 * What any command may carry beside its own. `commands/concerns.ts` checks them, and most change nothing more;
 * `maxTimeMS` holds.
 */
export const everyCommand: readonly string[] = [
  ...['$db', '$readPreference', '$clusterTime', 'lsid', 'readConcern', 'writeConcern', 'comment', 'maxTimeMS'],
  ...['apiVersion', 'apiStrict', 'apiDeprecationErrors'],
]

export const commands: Readonly<Record<string, CommandSupport>> = {
  hello: { options: [], open: true, aliases: ['isMaster', 'ismaster'] },
  ping: { options: [] },
  buildInfo: { options: [], aliases: ['buildinfo'] },
  serverStatus: { options: [], open: true },
  endSessions: { options: [] },
  insert: { options: ['documents', 'ordered', 'bypassDocumentValidation'], required: ['documents'] },
  update: {
    options: ['updates', 'ordered', 'bypassDocumentValidation'],
    refused: ['let'],
    required: ['updates'],
    statements: {
      updates: {
        options: ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort', 'collation'],
        refused: ['c'],
        required: ['q', 'u'],
      },
    },
  },
  delete: {
    options: ['deletes', 'ordered'],
    refused: ['let'],
    required: ['deletes'],
    statements: { deletes: { options: ['q', 'limit', 'hint', 'collation'], required: ['q', 'limit'] } },
  },
  findAndModify: {
    options: [
      ...['query', 'sort', 'update', 'remove', 'new', 'upsert', 'fields', 'arrayFilters', 'hint', 'collation'],
      'bypassDocumentValidation',
    ],
    refused: ['let'],
    aliases: ['findandmodify'],
  },
  find: {
    options: [
      ...['filter', 'sort', 'projection', 'skip', 'limit', 'batchSize', 'singleBatch', 'hint', 'collation'],
      ...['allowDiskUse', 'allowPartialResults'],
    ],
    refused: [
      ...['let', 'tailable', 'awaitData', 'noCursorTimeout', 'returnKey', 'showRecordId', 'min', 'max', 'oplogReplay'],
    ],
  },
  getMore: { options: ['collection', 'batchSize'], required: ['collection'] },
  killCursors: { options: ['cursors'], required: ['cursors'] },
  count: { options: ['query', 'skip', 'limit', 'hint', 'collation', 'fields'] },
  distinct: { options: ['key', 'query', 'hint', 'collation'], required: ['key'] },
  aggregate: {
    options: ['pipeline', 'cursor', 'hint', 'collation', 'allowDiskUse', 'bypassDocumentValidation'],
    refused: ['explain', 'let'],
    required: ['pipeline'],
  },
  explain: { options: ['verbosity'] },
  backup: { options: ['to'] },
  create: {
    options: ['collation'],
    refused: [
      ...['capped', 'size', 'max', 'timeseries', 'expireAfterSeconds', 'clusteredIndex', 'viewOn', 'pipeline'],
      ...['validator', 'validationLevel', 'validationAction', 'storageEngine', 'indexOptionDefaults'],
      ...['encryptedFields', 'changeStreamPreAndPostImages'],
    ],
  },
  drop: { options: [] },
  dropDatabase: { options: [] },
  createIndexes: { options: ['indexes', 'commitQuorum'], required: ['indexes'] },
  listIndexes: { options: ['cursor'] },
  dropIndexes: { options: ['index'], required: ['index'] },
  listCollections: { options: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'] },
  listDatabases: { options: ['filter', 'nameOnly', 'authorizedDatabases'] },
}

/**
 * Fields that are of one type in every command that has them. A flag may be a number; null is as if it were not
 * there.
 */
export const fieldTypes: Readonly<Record<'bool' | 'object' | 'array', readonly string[]>> = {
  bool: [
    ...['ordered', 'multi', 'upsert', 'new', 'remove', 'singleBatch', 'nameOnly', 'allowDiskUse'],
    ...['bypassDocumentValidation', 'allowPartialResults'],
  ],
  object: ['q', 'collation', 'cursor', 'writeConcern', 'readConcern'],
  array: ['updates', 'deletes', 'documents', 'arrayFilters', 'pipeline', 'indexes', 'cursors'],
}

export const operators = {
  filter: [
    ...['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$type', '$and', '$or', '$nor', '$not'],
    ...['$elemMatch', '$all', '$size', '$mod', '$regex', '$options', '$expr', '$comment'],
  ],
  projection: ['$', '$slice', '$elemMatch'],
  update: [
    ...['$set', '$unset', '$setOnInsert', '$inc', '$mul', '$min', '$max', '$rename', '$currentDate'],
    ...['$push', '$addToSet', '$pull', '$pullAll', '$pop'],
  ],
  updateModifier: ['$each', '$slice', '$sort', '$position'],
  updatePath: ['$', '$[]', '$[name]'],
  updateStage: ['$addFields', '$set', '$unset', '$project', '$replaceRoot', '$replaceWith'],
  stage: [
    ...['$match', '$sort', '$skip', '$limit', '$project', '$addFields', '$set', '$unset', '$replaceRoot'],
    ...['$replaceWith', '$group', '$count', '$unwind', '$lookup'],
  ],
  accumulator: ['$sum', '$avg', '$min', '$max', '$first', '$last', '$push', '$addToSet', '$count'],
  expression: [
    ...['$literal', '$cond', '$switch', '$ifNull', '$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$cmp', '$and', '$or'],
    ...['$not', '$add', '$subtract', '$multiply', '$divide', '$min', '$max', '$concat', '$toString', '$type', '$size'],
    ...['$in', '$isArray', '$arrayElemAt', '$concatArrays', '$mergeObjects', '$dateAdd'],
  ],
  variable: ['$$NOW', '$$ROOT', '$$CURRENT', '$$REMOVE'],
} as const

export const indexOptions = ['unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'] as const
