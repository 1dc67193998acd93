import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * One connection that posts JSON, one request after the other. It knows only as much of HTTP as our own server needs and so costs the
 * bench a fifth of what node:http does: on two cores the one who asks must not be what is measured.
 */
export class PlainConnection {
  readonly #socket: Socket
  readonly #host: string
  #answered: ((status: number) => void) | undefined
  #failed: ((error: Error) => void) | undefined
  #text = ''

  private constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#host = host
    socket.setNoDelay(true).setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#take(chunk))
    socket.on('error', (error) => this.#failed?.(error))
    socket.on('close', () => this.#failed?.(new Error('The connection was closed')))
  }

  static async to(url: string): Promise<PlainConnection> {
    const { hostname, port, host } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new PlainConnection(socket, host)
  }

  /** Resolves to the status once the whole answer is there. */
  post(path: string, body: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    this.#answered = resolve
    this.#failed = reject
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${this.#host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    return promise
  }

  close(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }

  #take(chunk: string): void {
    this.#text += chunk
    const end = this.#text.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#text.slice(0, end))?.[1]
    if (this.#text.length < end + 4 + Number(length)) return
    const status = Number(this.#text.slice(9, 12))
    this.#text = ''
    this.#answered?.(status)
  }
}
