import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, open, rm } from 'node:fs/promises'
import { dirname, isAbsolute } from 'node:path'
import type { Doc } from '../bson/values.ts'
import { CommandError, fail } from '../errors.ts'
import { syncFolder } from '../sync-folder.ts'
import { type Context, ok, type Reply } from './context.ts'

/**
 * Our own command, `{ backup: 1, to: '/absolute/path' }`: a copy of the store as of one commit, made while it runs,
 * that a store can be started with. What stands at that path is never overwritten, and nothing stands there before
 * the copy is whole.
 */
export async function backup({ kv, local }: Context, command: Doc): Promise<Reply> {
  // It writes files by the rights of this process: a login by the port is for the data only.
  if (!local) fail(13, 'a backup is asked for over the socket of the store')
  const to = command.get('to')
  if (typeof to !== 'string' || !isAbsolute(to)) return fail(2, "BSON field 'backup.to' must be an absolute path")
  const partial = `${to}.${randomBytes(4).toString('hex')}.partial`
  if (existsSync(to)) fail(2, taken(to))
  try {
    await (await open(partial, 'wx', 0o600)).close()
    await kv.copyTo(partial)
    // A link, unlike a rename, takes no other file's place.
    await link(partial, to)
    syncFolder(dirname(to))
  } catch (error) {
    throw new CommandError(2, whyNot(to, error as NodeJS.ErrnoException))
  } finally {
    if (existsSync(partial)) await rm(partial)
  }
  return ok({ to })
}

const taken = (to: string) => `${to} is there already; choose another name`

function whyNot(to: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EEXIST') return taken(to)
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no folder ${dirname(to)}; make it first`
  return `the backup could not be made: ${message}`
}
