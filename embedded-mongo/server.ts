import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { deriveCredentials } from './auth/credentials.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { portDoor, socketDoor, uriOfPort } from './own-door.ts'
import type { StoreLostError } from './start-errors.ts'
import { removeNote, writeNote } from './store-note.ts'
import { type StoreThread, startThread } from './store-thread.ts'
import type { Door } from './worker.ts'

export interface EmbeddedMongoOptions {
  /** Where the data lie; made if it is not there. */
  dir: string
  /** Serves other processes of this machine too, by a port of the loopback address (0 takes a free one) and a login. */
  tcp?: { port: number; user: string; password: string } | undefined
  /**
   * False, as always on Windows and with a long TMPDIR: this user too comes by a port, with a password that is made
   * up at each start.
   */
  socket?: boolean
  /** Milliseconds between two sweeps of the TTL indexes and of idle cursors. */
  sweepMs?: number
  /** Where the bounds are to be others than `defaultLimits`. */
  limits?: Partial<Limits>
}

export interface EmbeddedMongo {
  /**
   * For the mongodb driver or mongoose; the database's name goes between the `/` and the `?`. With a port it holds
   * the password.
   */
  uri: string
  /**
   * Resolves when the store has ended by itself, for lack of memory say: whoever hears that should end, or start
   * anew.
   */
  lost: Promise<StoreLostError>
  /** Finishes what runs, closes the file, ends the thread. */
  close(): Promise<void>
}

/**
 * Starts the store in a thread of its own, behind a unix socket that only this user can reach, and with `tcp` behind
 * a port beside it. Rejects with StoreInUseError, UnusableStoreError or PortError, each in one line; with RangeError
 * for a password that is not visible ASCII.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { dir, tcp, socket = process.platform !== 'win32', sweepMs = 60_000, limits } = options
  const root = resolve(dir)
  const doors: Door[] = []
  if (tcp) doors.push({ at: tcp.port, credentials: await deriveCredentials(tcp.user, tcp.password), local: false })
  await mkdir(root, { recursive: true, mode: 0o700 })
  const own = socket ? await socketDoor() : await portDoor()
  const bounds = { ...defaultLimits, ...limits }
  const file = join(root, 'store.sqlite')
  let thread: StoreThread | undefined
  try {
    thread = await startThread({ file, doors: [own.door, ...doors], sweepMs, limits: bounds })
    await writeNote(root, own.uri(thread.ports[0]))
  } catch (error) {
    await thread?.stop()
    await own.remove()
    throw error
  }
  const { ports, lost, stop } = thread
  const close = async () => {
    try {
      await stop()
    } finally {
      await removeNote(root)
      await own.remove()
    }
  }
  let closing: Promise<void> | undefined
  const uri = tcp ? uriOfPort(tcp, ports[1]) : own.uri(ports[0])
  return { uri, lost, close: () => (closing ??= close()) }
}
