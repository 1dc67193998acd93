import { aggregate } from './aggregate.ts'
import { backup } from './backup.ts'
import { create, drop, dropDatabase, listCollections, listDatabases } from './collections.ts'
import type { Handler, LastingHandler } from './context.ts'
import { count, distinct } from './count-distinct.ts'
import { explain } from './explain.ts'
import { find, getMore, killCursors } from './find.ts'
import { findAndModify } from './find-and-modify.ts'
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts'
import { deleteCommand, insert } from './insert-delete.ts'
import { buildInfo, endSessions, hello, ping, serverStatus } from './server-info.ts'
import { update } from './update.ts'

/** All there is. Writing commands run in one go; reading ones may pause. */
export const writing: ReadonlyMap<string, Handler> = new Map([
  ['insert', insert],
  ['update', update],
  ['delete', deleteCommand],
  ['findAndModify', findAndModify],
  ['findandmodify', findAndModify],
  ['create', create],
  ['drop', drop],
  ['dropDatabase', dropDatabase],
  ['createIndexes', createIndexes],
  ['dropIndexes', dropIndexes],
])

export const reading: ReadonlyMap<string, Handler> = new Map([
  ['hello', hello],
  ['ismaster', hello],
  ['isMaster', hello],
  ['ping', ping],
  ['buildInfo', buildInfo],
  ['buildinfo', buildInfo],
  ['serverStatus', serverStatus],
  ['endSessions', endSessions],
  ['find', find],
  ['getMore', getMore],
  ['killCursors', killCursors],
  ['count', count],
  ['distinct', distinct],
  ['aggregate', aggregate],
  ['listIndexes', listIndexes],
  ['listCollections', listCollections],
  ['listDatabases', listDatabases],
  ['explain', explain],
])

/** What goes on beside the turns of the engine. */
export const lasting: ReadonlyMap<string, LastingHandler> = new Map([['backup', backup]])
