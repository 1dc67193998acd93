import { lstat, mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { deriveCredentials } from './auth/credentials.ts'
import type { WorkerMessage, WorkerOptions } from './worker.ts'

const folderPrefix = 'mongo-socket-'
const socketName = 's.sock'

/** The store of this directory is open already, in this process or another. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError'
}

/** The store's file is damaged, of another format, or not one of ours. It has not been touched. */
export class UnusableStoreError extends Error {
  override readonly name = 'UnusableStoreError'
}

/** The port is taken, or this user may not listen on it; `code` is the system's. */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly code: string
  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

export interface EmbeddedMongoOptions {
  /** Where the data lie; made if it is not there. */
  dir: string
  /** Serves other processes of this machine too, by a port of the loopback address (0 takes a free one) and a login. */
  tcp?: { port: number; user: string; password: string } | undefined
  /** Milliseconds between two sweeps of the TTL indexes. */
  sweepMs?: number
}

export interface EmbeddedMongo {
  /** For the mongodb driver or mongoose; the database's name goes between the `/` and the `?`. With `tcp` it holds the password. */
  uri: string
  /** Finishes what runs, closes the file, ends the thread. */
  close(): Promise<void>
}

/**
 * Starts the store in a thread of its own, behind a unix socket that only this user can reach, and with `tcp` behind a port beside it.
 * Rejects with StoreInUseError, UnusableStoreError or PortError, each in one line; with RangeError for a password that is not visible ASCII.
 */
export async function startEmbeddedMongo({ dir, tcp, sweepMs = 60_000 }: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const root = resolve(dir)
  const credentials = tcp && (await deriveCredentials(tcp.user, tcp.password))
  await mkdir(root, { recursive: true, mode: 0o700 })
  // mkdtemp gives a folder of mode 0700; the path stays far below the 107 bytes a socket's may have.
  const folder = await mkdtemp(join(tmpdir(), folderPrefix))
  const socket = join(folder, socketName)
  const local = `mongodb://${encodeURIComponent(socket)}/${uriOptions}`
  const options: WorkerOptions = {
    file: join(root, 'store.sqlite'),
    socket,
    tcp: tcp && credentials && { port: tcp.port, credentials },
    sweepMs,
  }
  const note = join(root, 'store.uri')
  let worker: Worker | undefined
  let uri = local
  try {
    const started = await startWorker(options)
    worker = started.worker
    if (tcp && started.port !== undefined) uri = uriOf(tcp, started.port)
    await removeStaleSocket(note)
    await writeFile(note, `${local}\n`, { mode: 0o600 })
  } catch (error) {
    if (worker) await stopWorker(worker)
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  let closing: Promise<void> | undefined
  const running = worker
  const close = async () => {
    await stopWorker(running)
    await rm(note, { force: true })
    await rm(folder, { recursive: true, force: true })
  }
  return { uri, close: () => (closing ??= close()) }
}

const uriOptions = '?directConnection=true&retryWrites=false'

function uriOf({ user, password }: { user: string; password: string }, port: number): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  return `mongodb://${login}@127.0.0.1:${port}/${uriOptions}&authMechanism=SCRAM-SHA-256`
}

/**
 * A killed process leaves its socket behind; whoever has the file's lock may clear it away. Only the socket and its
 * folder, if that is then empty: a note is no reason to delete anything else.
 */
async function removeStaleSocket(note: string): Promise<void> {
  const stale = await socketIn(note)
  if (!stale || basename(stale.path) !== socketName) return
  const isSocket = await lstat(stale.path).then((entry) => entry.isSocket(), unlessGone(false))
  if (!isSocket) return
  await rm(stale.path)
  await rmdir(dirname(stale.path)).catch(unlessGone(undefined))
}

const unlessGone =
  <T>(otherwise: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT' || error.code === 'ENOTEMPTY') return otherwise
    throw error
  }

async function socketIn(note: string): Promise<{ uri: string; path: string } | undefined> {
  const uri = await readFile(note, 'utf8').catch(unlessGone(''))
  const path = /^mongodb:\/\/([^/]+)\//.exec(uri)?.[1]
  return path === undefined ? undefined : { uri: uri.trim(), path: decodeURIComponent(path) }
}

/** The URI of the store that serves this directory now; undefined if no server answers there. */
export async function runningStoreUri(dir: string): Promise<string | undefined> {
  const noted = await socketIn(join(resolve(dir), 'store.uri'))
  return noted && (await answers(noted.path)) ? noted.uri : undefined
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path, () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}

function startWorker(options: WorkerOptions): Promise<{ worker: Worker; port: number | undefined }> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: options,
    name: 'embedded-mongo',
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
  })
  return new Promise((ready, refuse) => {
    worker.once('error', refuse)
    const listen = (message: Partial<WorkerMessage>) => {
      // Under `node --watch` Node itself posts messages from the worker.
      if (message.kind !== 'ready' && message.kind !== 'failed') return
      worker.off('message', listen).off('error', refuse)
      if (message.kind === 'ready') ready({ worker, port: message.port })
      else refuse(startError(message as WorkerMessage))
    }
    worker.on('message', listen)
  })
}

function startError(message: WorkerMessage): Error {
  if (message.kind !== 'failed') return new Error(`the embedded store answered ${message.kind} at its start`)
  if (message.code) return new PortError(message.message, message.code)
  if (!message.unusable) return new Error(`the embedded store could not start: ${message.message}`)
  return message.message.includes('in use')
    ? new StoreInUseError(message.message)
    : new UnusableStoreError(message.message)
}

function stopWorker(worker: Worker): Promise<void> {
  return new Promise((done, refuse) => {
    worker.once('error', refuse)
    worker.once('exit', () => done())
    worker.postMessage('close')
  })
}
