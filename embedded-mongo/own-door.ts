import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveCredentials } from './auth/credentials.ts'
import { socketName } from './store-note.ts'
import type { Door } from './worker.ts'

const folderPrefix = 'mongo-socket-'
/** What the systems leave for the path of a socket: Linux 107 bytes, macOS 103. */
const longestPath = 103
const uriOptions = '?directConnection=true&retryWrites=false'

/** How the user who started the store reaches it. */
export interface OwnDoor {
  door: Door
  uri(port: number | undefined): string
  remove(): Promise<void>
}

/** A unix socket that only this user can reach, or a port where the folder for temporary files has no place for one. */
export async function socketDoor(): Promise<OwnDoor> {
  const folder = await socketFolder()
  if (folder === undefined) return portDoor()
  const path = join(folder, socketName)
  return {
    door: { at: path, credentials: undefined, local: true },
    uri: () => `mongodb://${encodeURIComponent(path)}/${uriOptions}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** mkdtemp gives it the mode 0700. */
async function socketFolder(): Promise<string | undefined> {
  const prefix = join(tmpdir(), folderPrefix)
  if (Buffer.byteLength(join(`${prefix}XXXXXX`, socketName)) > longestPath) return undefined
  return mkdtemp(prefix).catch(() => undefined)
}

/**
 * Where there can be no unix socket: a free port of the loopback address, and a password that only the note of this
 * user tells.
 */
export async function portDoor(): Promise<OwnDoor> {
  const login = { user: `store-${randomBytes(8).toString('hex')}`, password: randomBytes(32).toString('hex') }
  return {
    door: { at: 0, credentials: await deriveCredentials(login.user, login.password), local: true },
    uri: (port) => uriOfPort(login, port),
    remove: async () => {},
  }
}

export function uriOfPort({ user, password }: { user: string; password: string }, port: number | undefined): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  return `mongodb://${login}@127.0.0.1:${port}/${uriOptions}&authMechanism=SCRAM-SHA-256`
}
