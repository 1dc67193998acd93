import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import type { Credentials } from './auth/credentials.ts'
import { Engine } from './commands/engine.ts'
import { serveConnection } from './serve-connection.ts'
import { explained, KeyValueStore, UnusableFileError } from './store/key-value.ts'

export interface WorkerOptions {
  file: string
  socket: string
  /** A port of the loopback address beside the socket, for those who can log in. */
  tcp: { port: number; credentials: Credentials } | undefined
  sweepMs: number
}

/** What the worker tells: it serves (on which port), it could not start, or it has closed. */
export type WorkerMessage =
  | { kind: 'ready'; port: number | undefined }
  | { kind: 'failed'; message: string; unusable: boolean; code?: string | undefined }
  | { kind: 'closed' }

const port = parentPort
if (!port) throw new Error('worker.ts runs in a worker thread')
const tell = (message: WorkerMessage) => port.postMessage(message)

const options = workerData as WorkerOptions
try {
  await serve(new KeyValueStore(options.file), options)
} catch (cause) {
  const error = explained(options.file, cause)
  tell({ kind: 'failed', message: (error as Error).message, unusable: error instanceof UnusableFileError })
  port.close()
}

async function serve(kv: KeyValueStore, { socket: path, tcp, sweepMs }: WorkerOptions): Promise<void> {
  const engine = new Engine(kv)
  const sockets = new Set<Socket>()
  let connections = 0
  const accepting = (credentials?: Credentials) =>
    createServer({ noDelay: true }, (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      serveConnection(socket, engine, { id: ++connections, credentials })
    })
  const servers = [accepting().listen(path)]
  if (tcp) servers.push(accepting(tcp.credentials).listen(tcp.port, '127.0.0.1'))
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')))
  } catch (error) {
    for (const server of servers) server.close()
    kv.close()
    const { message, code } = error as NodeJS.ErrnoException
    tell({ kind: 'failed', message, unusable: false, code })
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
      kv.close()
      tell({ kind: 'closed' })
      port?.close()
    })
  })
  tell({ kind: 'ready', port: (servers[1]?.address() as AddressInfo | undefined)?.port })
}
