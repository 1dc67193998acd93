import type { Socket } from 'node:net'
import type { Credentials } from './auth/credentials.ts'
import { Login } from './auth/login.ts'
import type { Reply } from './commands/context.ts'
import { type Client, type Engine, errorReply } from './commands/engine.ts'
import type { Admission } from './connections.ts'
import { type Limits, largestMessage } from './limits.ts'
import { receiveRequests } from './wire/connection.ts'
import { type Received, type Request, writeReply } from './wire/message.ts'

/** The greeting and the login of a stranger are small; nothing larger is held in memory for them. */
const largestOfStrangers = 64 * 1024

/** How a way in is guarded. */
export interface Guard {
  /** Without them whoever reaches the socket is served, else who logs in. */
  credentials: Credentials | undefined
  /** Who comes by it is the user who started the store. */
  local: boolean
}

/** Serves one client until it goes. */
export function serveConnection(
  socket: Socket,
  engine: Engine,
  { admission, guard, limits }: { admission: Admission; guard: Guard; limits: Limits },
): void {
  const login = guard.credentials && new Login(guard.credentials, guard.local)
  const client: Client = { id: admission.id, local: guard.local, gone: false }
  const isStranger = () => login !== undefined && !login.done
  const patience = login && new Patience(socket, limits)

  const answer = (request: Received, reply: Reply, done: () => void) => {
    if (login?.done) admission.known()
    if (request.silent || socket.destroyed) return done()
    socket.cork()
    for (const part of writeReply(request, reply)) socket.write(part)
    socket.uncork()
    // Who does not read its answers waits for its next one.
    if (socket.writableNeedDrain) socket.once('drain', done)
    else done()
  }
  const receive = (request: Received, done: () => void) => {
    if ('refusal' in request) return answer(request, errorReply(request.refusal), done)
    const reply = login && answerOfLogin(login, request)
    patience?.renew(isStranger())
    if (reply) return answer(request, reply, done)
    engine.submit(request, client, (given) => answer(request, login ? login.greeting(request, given) : given, done))
  }
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    client.gone = true
    patience?.end()
    admission.close()
  })
  receiveRequests(socket, receive, () => (isStranger() ? largestOfStrangers : largestMessage))
}

function answerOfLogin(login: Login, request: Request): Reply | undefined {
  try {
    return login.answer(request)
  } catch (error) {
    return errorReply(error)
  }
}

/**
 * Closes the connection of a stranger that has nothing to say. Counted from whole messages: bytes that trickle in do
 * not renew it.
 */
class Patience {
  readonly #socket: Socket
  readonly #silenceMs: number
  #timer: NodeJS.Timeout
  constructor(socket: Socket, { firstMessageMs, strangerSilenceMs }: Limits) {
    this.#socket = socket
    this.#silenceMs = strangerSilenceMs
    this.#timer = this.#start(firstMessageMs)
  }

  renew(stranger: boolean): void {
    this.end()
    if (stranger && !this.#socket.destroyed) this.#timer = this.#start(this.#silenceMs)
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #start(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#socket.destroy(), ms)
  }
}
