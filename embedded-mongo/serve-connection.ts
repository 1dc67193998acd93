import type { Socket } from 'node:net'
import type { Credentials } from './auth/credentials.ts'
import { Login } from './auth/login.ts'
import type { Reply } from './commands/context.ts'
import { type Engine, errorReply } from './commands/engine.ts'
import { largestMessage } from './commands/server-info.ts'
import { receiveRequests } from './wire/connection.ts'
import { type Request, writeReply } from './wire/message.ts'

/** The greeting and the login of a stranger are small; nothing larger is held in memory for them. */
const largestOfStrangers = 64 * 1024

/** Serves one client: without `credentials` whoever reaches the socket, else who logs in with them. */
export function serveConnection(
  socket: Socket,
  engine: Engine,
  { id, credentials }: { id: number; credentials: Credentials | undefined },
): void {
  const login = credentials && new Login(credentials)
  const client = { id, local: credentials === undefined }
  const answer = (request: Request, reply: Reply) => {
    if (request.silent || socket.destroyed) return
    socket.cork()
    for (const part of writeReply(request, reply)) socket.write(part)
    socket.uncork()
  }
  const receive = (request: Request) => {
    const reply = login && answerOfLogin(login, request)
    if (reply) return answer(request, reply)
    engine.submit(request, client, (given) => answer(request, login ? login.greeting(request, given) : given))
  }
  socket.on('error', () => socket.destroy())
  receiveRequests(socket, receive, () => (!login || login.done ? largestMessage : largestOfStrangers))
}

function answerOfLogin(login: Login, request: Request): Reply | undefined {
  try {
    return login.answer(request)
  } catch (error) {
    return errorReply(error)
  }
}
