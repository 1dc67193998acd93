import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { BSON, type Document } from 'mongodb'

const headerLength = 16
const opMessage = 2013

/**
 * One connection that sends commands, one after the other, and looks only whether the answer is an error. It costs
 * the bench a tenth of what the driver does: on two cores the one who asks must not be what is measured.
 */
export class PlainClient {
  readonly #socket: Socket
  #pieces: Buffer[] = []
  #answered: { resolve: () => void; reject: (error: Error) => void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (piece: Buffer) => this.#take(piece))
    socket.on('close', () => this.#answered?.reject(new Error('The connection was closed')))
  }

  /** @param uri of the embedded store, whose socket stands where others have a host */
  static async to(uri: string): Promise<PlainClient> {
    const [, path = ''] = /^mongodb:\/\/([^/]+)\//.exec(uri) ?? []
    const socket = connect(decodeURIComponent(path))
    await once(socket, 'connect')
    return new PlainClient(socket)
  }

  run(command: Document): Promise<void> {
    const body = BSON.serialize(command)
    const head = Buffer.alloc(headerLength + 5)
    head.writeInt32LE(head.length + body.length, 0)
    head.writeInt32LE(opMessage, 12)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#answered = { resolve, reject }
    this.#socket.write(Buffer.concat([head, body]))
    return promise
  }

  close(): void {
    this.#answered = undefined
    this.#socket.destroy()
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece)
    const answer = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces)
    if (answer.length < headerLength || answer.length < answer.readInt32LE(0)) return
    this.#pieces = []
    if (answer.includes('errmsg') || answer.includes('writeErrors')) {
      const { errmsg, writeErrors } = BSON.deserialize(answer.subarray(headerLength + 5))
      this.#answered?.reject(new Error(errmsg ?? writeErrors[0].errmsg))
    } else this.#answered?.resolve()
  }
}
