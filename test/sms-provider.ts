import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
export type Answers = { status: number; body?: string; headers?: Record<string, string> } | 'silence' | 'broken off'

/** A provider on this machine that notes what it is asked, and answers as it is told. It ends with the test. */
export async function startProvider(answers: Answers) {
  const asked: Asked[] = []
  const provider = { url: '', asked, answers }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
    if (provider.answers === 'silence') return
    if (provider.answers === 'broken off') return request.socket.destroy()
    response.writeHead(provider.answers.status, provider.answers.headers).end(provider.answers.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  provider.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return provider
}
