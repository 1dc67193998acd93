import type { Socket } from 'node:net'
import { largestMessage } from '../limits.ts'
import { MalformedMessage, type Received, readMessage } from './message.ts'

/** Where a client sends on while its answer is owed, so much is read ahead; it also shows that the client has gone. */
const readAhead = 256 * 1024
/** Messages that want no answer, begun and not yet done. */
const mostSilent = 1_000

/**
 * Cuts a socket's bytes into messages and hands them on as MongoDB takes them: the next one when the last one's answer
 * has been sent (`done`). Who does not read its answers is not read either. What is no message, or one of more than
 * `most()` bytes, ends this connection and no other.
 */
export function receiveRequests(
  socket: Socket,
  receive: (request: Received, done: () => void) => void,
  most: () => number = () => largestMessage,
): void {
  let pieces: Buffer[] = []
  let waiting = 0
  let owed = false
  let silent = 0
  let taking = false

  const nextMessage = (): Buffer | undefined => {
    if (waiting < 16) return undefined
    if ((pieces[0] as Buffer).length < 16) pieces = [Buffer.concat(pieces, waiting)]
    const length = (pieces[0] as Buffer).readInt32LE(0)
    if (length < 16 || length > most()) throw new MalformedMessage(`message of ${length} bytes`)
    if (waiting < length) return undefined
    if ((pieces[0] as Buffer).length < length) pieces = [Buffer.concat(pieces, waiting)]
    const [first] = pieces as [Buffer]
    if (first.length === length) pieces.shift()
    else pieces[0] = first.subarray(length)
    waiting -= length
    return first.subarray(0, length)
  }

  const hand = (request: Received) => {
    if (request.silent) silent++
    else owed = true
    receive(request, () => {
      if (request.silent) silent--
      else owed = false
      take()
    })
  }

  const take = () => {
    if (taking) return
    taking = true
    try {
      while (!owed && silent < mostSilent) {
        const message = nextMessage()
        if (!message) break
        const request = readMessage(message)
        // Who has gone gets no answer, but what it sent without wanting one is done.
        if (socket.destroyed && !request.silent) break
        hand(request)
      }
    } catch {
      // There is no telling where the next message begins, so no answer either.
      pieces = []
      waiting = 0
      socket.destroy()
    } finally {
      taking = false
    }
    const blocked = owed || silent >= mostSilent
    if (blocked && waiting > readAhead) socket.pause()
    else if (socket.isPaused()) socket.resume()
  }

  socket.on('data', (piece: Buffer) => {
    pieces.push(piece)
    waiting += piece.length
    take()
  })
}
