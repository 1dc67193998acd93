import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { createLogger } from '../config/logger.ts'
import { openDirectory } from '../directory/directory.ts'
import type { DirectoryLimits } from '../directory/limits.ts'
import { directorySettings } from '../directory/settings.ts'

/** A call as the customer's system hears it. */
export type Heard = {
  method: string
  path: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
  body: unknown
}

/** What the system does with a call: answers, after a time, or drops the connection. */
export type Reply = {
  status?: number
  json?: unknown
  text?: string
  headers?: Record<string, string>
  afterMs?: number
  drop?: 'before' | 'midway'
}

export const token = 'a-secret-token'

/** A customer's system on a port of its own; the n-th call (from 0) gets what `reply` says. */
export async function startDirectory(reply: (heard: Heard, n: number) => Reply) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const url = new URL(request.url ?? '', 'http://directory')
    const { method = '', headers } = request
    const body = text === '' ? undefined : JSON.parse(text)
    const call = { method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body }
    heard.push(call)
    const { status = 200, json, text: said, afterMs, drop, ...rest } = reply(call, heard.length - 1)
    if (afterMs !== undefined) await setTimeout(afterMs)
    if (drop === 'before') return request.socket.destroy()
    const written = said ?? (json === undefined ? '' : JSON.stringify(json))
    response.writeHead(status, { 'content-type': said ? 'text/html' : 'application/json', ...rest.headers })
    if (drop !== 'midway') return response.end(written)
    response.write(written, () => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  return {
    url,
    heard,
    open: (limits?: Partial<DirectoryLimits>, settings?: object) => open(url, limits, settings),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Our client of the system at this address, which does not wait long. */
export function open(baseUrl: string, limits: Partial<DirectoryLimits> = {}, settings: object = {}) {
  const parsed = directorySettings.parse({ baseUrl, token, ...settings })
  return openDirectory(parsed, createLogger('silent'), { pauseMs: 1, ...limits })
}
