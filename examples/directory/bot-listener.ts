import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HeardNews {
  path: string | undefined
  authorization: string | undefined
  params: Record<string, unknown>
}

/** Stands where a bot's integration points are, and keeps what it is told. */
export async function listenAsBot(answer: object = { success: true }) {
  const heard: HeardNews[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request.setEncoding('utf8')) text += part
    const { url: path, headers } = request
    heard.push({ path, authorization: headers.authorization, params: JSON.parse(text).script_request_params })
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return { url, heard, close, env: { ROOKERY_URL: `${url}/`, BOT: 'b1', API_KEY: 'key-1' } }
}
