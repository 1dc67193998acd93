import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { Engine } from './commands/engine.ts'
import { Connections } from './connections.ts'
import type { Limits } from './limits.ts'
import { boundMemory } from './memory.ts'
import { type Guard, serveConnection } from './serve-connection.ts'
import { KeyValueStore } from './store/key-value.ts'
import { explained } from './store/open-file.ts'
import { FileInUseError, UnusableFileError } from './store/store-file.ts'

/** A way in: a unix socket, or a port of the loopback address (0 takes a free one). */
export interface Door extends Guard {
  at: string | number
}

export interface WorkerOptions {
  file: string
  doors: Door[]
  sweepMs: number
  limits: Limits
}

/** What the worker tells: it serves (on which ports, by door), or what is to blame that it could not start. */
export type WorkerMessage =
  | { kind: 'ready'; ports: (number | undefined)[] }
  | { kind: 'failed'; message: string; blame: 'lock' | 'file' | 'port' | 'program'; code?: string | undefined }

/** How long the last answers may take to reach their clients when the store closes. */
const lastAnswersMs = 500

const port = parentPort
if (!port) throw new Error('worker.ts runs in a worker thread')
const tell = (message: WorkerMessage) => port.postMessage(message)

const options = workerData as WorkerOptions
try {
  await serve(new KeyValueStore(options.file), options)
} catch (cause) {
  const error = explained(options.file, cause)
  tell({ kind: 'failed', message: (error as Error).message, blame: blameOf(error) })
  port.close()
}

function blameOf(error: unknown): 'lock' | 'file' | 'program' {
  if (error instanceof FileInUseError) return 'lock'
  return error instanceof UnusableFileError ? 'file' : 'program'
}

async function serve(kv: KeyValueStore, { doors, sweepMs, limits }: WorkerOptions): Promise<void> {
  boundMemory(limits)
  const connections = new Connections(limits)
  const engine = new Engine(kv, connections, limits)
  const sockets = new Set<Socket>()
  const servers = doors.map(({ at, ...guard }) => {
    const server = createServer({ noDelay: true }, (socket) => {
      const admission = connections.admit(guard.credentials !== undefined)
      if (!admission) return socket.destroy()
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      return serveConnection(socket, engine, { admission, guard, limits })
    })
    return typeof at === 'string' ? server.listen(at) : server.listen(at, '127.0.0.1')
  })
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')))
  } catch (error) {
    for (const server of servers) server.close()
    kv.close()
    // That of a socket carries -1.
    const { message, code, port: number = -1 } = error as NodeJS.ErrnoException & { port?: number }
    tell({ kind: 'failed', message, blame: number < 0 ? 'program' : 'port', code })
    port?.close()
    return
  }
  const sweeper = setInterval(() => engine.sweep(), sweepMs)
  port?.once('message', async () => {
    clearInterval(sweeper)
    for (const server of servers) server.close()
    await engine.settled()
    engine.finish()
    for (const socket of sockets) socket.end()
    // The answers of the last turn are on their way: give them one more.
    setImmediate(() => {
      for (const socket of sockets) socket.destroySoon()
      // Who does not read its answer holds nobody up.
      setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, lastAnswersMs).unref()
      kv.close()
      port?.close()
    })
  })
  tell({ kind: 'ready', ports: servers.map((server) => (server.address() as Partial<AddressInfo>).port) })
}
