import { Agent, request } from 'node:http'

export type Request = { url: string; headers?: Record<string, string>; body: () => string }
export type Answer = { status: number; text: string }

export type Load = { answers: Answer[]; seconds: number; failures: number }

/**
 * So many clients at once, each making one request after the other, for so many milliseconds or until all is asked. A client whose
 * connection fails stops.
 */
export async function load(
  next: (nth: number) => Request | undefined,
  { clients, forMs = Number.POSITIVE_INFINITY }: { clients: number; forMs?: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const answers: Answer[] = []
  const from = performance.now()
  let nth = 0
  let failures = 0
  const client = async () => {
    try {
      for (let asked = next(nth++); asked && performance.now() - from < forMs; asked = next(nth++))
        answers.push(await send(asked, agent))
    } catch {
      failures++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - from) / 1000
  agent.destroy()
  return { answers, seconds, failures }
}

/** One POST of JSON. */
export function send({ url, headers, body }: Request, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } })
    sent.once('error', reject).once('response', (response) => {
      let text = ''
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          text += chunk
        })
        .once('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.end(body())
  })
}
