import { createServer, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { Engine } from './commands/engine.ts'
import { KeyValueStore, UnusableFileError } from './store/key-value.ts'
import { receiveRequests } from './wire/connection.ts'
import { writeReply } from './wire/message.ts'

export interface WorkerOptions {
  file: string
  socket: string
  sweepMs: number
}

/** What the worker tells: it serves, it could not start, or it has closed. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string; unusable: boolean }
  | { kind: 'closed' }

const port = parentPort
if (!port) throw new Error('worker.ts runs in a worker thread')
const tell = (message: WorkerMessage) => port.postMessage(message)

try {
  serve(new KeyValueStore((workerData as WorkerOptions).file), workerData as WorkerOptions)
} catch (error) {
  tell({ kind: 'failed', message: (error as Error).message, unusable: error instanceof UnusableFileError })
  port.close()
}

function serve(kv: KeyValueStore, { socket: path, sweepMs }: WorkerOptions): void {
  const engine = new Engine(kv)
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    const connectionId = ++connections
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    receiveRequests(socket, (request) => {
      engine.submit(request, connectionId, (reply) => {
        if (request.silent || socket.destroyed) return
        socket.cork()
        for (const part of writeReply(request, reply)) socket.write(part)
        socket.uncork()
      })
    })
  })
  const sweeper = setInterval(() => engine.sweep(), sweepMs)
  server.on('error', (error) => {
    clearInterval(sweeper)
    kv.close()
    tell({ kind: 'failed', message: error.message, unusable: false })
    port?.close()
  })
  server.listen(path, () => tell({ kind: 'ready' }))
  port?.once('message', () => {
    clearInterval(sweeper)
    server.close()
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
}
