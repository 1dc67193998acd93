import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Document } from 'mongodb'
import { decodeDocument } from '../../bson/decode.ts'
import type { Doc } from '../../bson/values.ts'
import { body, message } from '../raw-client.ts'

/** The server has broken the connection instead of answering. */
export class ServerGoneError extends Error {}

/** One connection to a server, by its address: answers come as exact values, in the order of their fields. */
export class Endpoint {
  readonly #address: { path: string } | { host: string; port: number }
  readonly #database: string
  #socket: Socket | undefined

  constructor(uri: string, database: string) {
    const place = decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(uri)?.[1] ?? '')
    const [host = '', port = 27017] = place.split(':')
    this.#address = place.startsWith('/') ? { path: place } : { host, port: Number(port) }
    this.#database = database
  }

  async ask(command: Document): Promise<Doc> {
    this.#socket ??= connect(this.#address)
    this.#socket.write(message([body({ ...command, $db: this.#database })]))
    let answer = Buffer.alloc(0)
    do {
      const done = new AbortController()
      const [piece] = (await Promise.race([once(this.#socket, 'data', done), once(this.#socket, 'close', done)])) as [
        unknown,
      ]
      done.abort()
      if (!Buffer.isBuffer(piece)) {
        this.close()
        throw new ServerGoneError('the connection was closed')
      }
      answer = Buffer.concat([answer, piece])
    } while (answer.length < 4 || answer.length < answer.readInt32LE(0))
    return decodeDocument(answer, 21)
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }
}
