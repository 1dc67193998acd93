import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Update } from 'grammy/types'
import { onTestFinished } from 'vitest'

export interface Heard {
  update: Update
  headers: IncomingHttpHeaders
}

/** A bot's webhook, which ends with the test: keeps what it heard, in order, and answers as `answer` does; 200 if it does nothing. */
export async function listenForUpdates(answer: (response: ServerResponse, heard: Heard) => unknown = () => undefined) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const one = { update: JSON.parse(await text(request)), headers: request.headers }
    heard.push(one)
    await answer(response, one)
    if (!response.writableEnded && !response.destroyed) response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(close)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, heard, texts: () => heard.map(({ update }) => textOf(update)), close }
}

export function textOf({ message }: Update): string | undefined {
  return message?.text
}
