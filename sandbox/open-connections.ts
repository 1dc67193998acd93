import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** How long a client may take to finish what it sends when the server closes. */
const grace = 2_000

/**
 * Lets a server close in time. To Node a connection that never carried a request is not idle: clients open such ones in
 * advance, and each would hold the close for a minute.
 */
export function watchConnections(server: Server): { end(): void } {
  const fresh = new Set<Socket>()
  server.on('connection', (socket) => {
    fresh.add(socket)
    socket.once('close', () => fresh.delete(socket))
  })
  server.on('request', ({ socket }) => fresh.delete(socket))
  return {
    end() {
      for (const socket of fresh) socket.destroy()
      const late = setTimeout(() => server.closeAllConnections(), grace)
      server.once('close', () => clearTimeout(late))
    },
  }
}
