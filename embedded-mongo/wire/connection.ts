import type { Socket } from 'node:net'
import { largestMessage } from '../commands/server-info.ts'
import { MalformedMessage, type Request, readMessage } from './message.ts'

/**
 * Cuts a socket's bytes into messages. What is no message, or one of more than `most()` bytes, ends this connection and no other.
 */
export function receiveRequests(
  socket: Socket,
  receive: (request: Request) => void,
  most: () => number = () => largestMessage,
): void {
  let pieces: Buffer[] = []
  let waiting = 0
  let wanted = 16
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece)
    waiting += piece.length
    if (waiting < wanted) return
    let buffer = pieces.length === 1 ? piece : Buffer.concat(pieces, waiting)
    try {
      while (buffer.length >= 16) {
        const length = buffer.readInt32LE(0)
        if (length < 16 || length > most()) throw new MalformedMessage(`message of ${length} bytes`)
        wanted = length
        if (buffer.length < length) break
        receive(readMessage(buffer.subarray(0, length)))
        buffer = buffer.subarray(length)
        wanted = 16
      }
    } catch {
      // Bytes that are no message: there is no telling where the next one begins, so no answer either.
      socket.destroy()
      return
    }
    pieces = buffer.length > 0 ? [buffer] : []
    waiting = buffer.length
  })
}
