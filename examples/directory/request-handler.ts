import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { adminCalls } from './admin-calls.ts'
import type { BotSetting } from './bot-setting.ts'
import { type Answer, type Call, type Handler, json, refused } from './call.ts'
import { Counters } from './counters.ts'
import { Faults, spoil } from './faults.ts'
import { instrumentCalls } from './instrument-calls.ts'
import { pageFile } from './page-files.ts'
import type { People } from './people.ts'
import { Refusal } from './refusal.ts'
import { userCalls } from './user-calls.ts'

const longestBody = 100_000
const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

/** The whole directory: calls of bots, which need the token and meet the faults, and the calls of the page and of tests. */
export function requestHandler(people: People, token: string, bot: BotSetting): RequestListener {
  const faults = new Faults()
  const counters = new Counters()
  const ofBots = userCalls(people)
  const ofThePage = { ...adminCalls(people, bot), ...instrumentCalls(faults, counters) }

  /** What is answered survives a kill. */
  async function done(handler: Handler, call: Call): Promise<Answer> {
    const body = await handler(call)
    await people.saved()
    return json(200, body)
  }

  async function authorised(handler: Handler, call: Call): Promise<Answer> {
    const given = call.headers.authorization ?? ''
    if (token && !same(given, `Bearer ${token}`)) throw new Refusal(401, 'The bearer token is missing or wrong')
    return done(handler, call)
  }

  async function answerBot(name: string, call: Call, handler: Handler): Promise<Answer | undefined> {
    const fault = faults.meet(name)
    // Not waited for when the server ends.
    if (fault.delay_ms) await pause(fault.delay_ms, undefined, { ref: false })
    const { sent, outcome } = await spoil(fault, () => carryOut(() => authorised(handler, call)))
    counters.count(name, outcome)
    return sent
  }

  async function answer(request: IncomingMessage): Promise<Answer | undefined> {
    const [path = '/', search] = (request.url ?? '/').split('?')
    const name = `${request.method} ${path}`
    const page = request.method === 'GET' && pageFile(path)
    if (page) return page
    const text = await readText(request)
    const call = { query: new URLSearchParams(search), text, headers: request.headers }
    const ofBot = Object.hasOwn(ofBots, name) && ofBots[name]
    if (ofBot) return answerBot(name, call, ofBot)
    const handler = Object.hasOwn(ofThePage, name) && ofThePage[name]
    if (!handler) throw new Refusal(404, 'There is no such call')
    // Another site's page must not act for the admin here.
    if (request.headers['sec-fetch-site'] === 'cross-site') throw new Refusal(403, 'No other site may call this')
    return done(handler, call)
  }

  return async (request, response) => {
    const sent = await carryOut(() => answer(request))
    if (sent) send(response, sent)
    else request.socket.destroy()
  }
}

/** The one place where errors become answers. */
async function carryOut<T extends Answer | undefined>(act: () => Promise<T>): Promise<T | Answer> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Refusal) return refused(error)
    process.stderr.write(`${(error as Error).stack}\n`)
    return json(500, { success: false, errorCode: 500, message: 'Internal error' })
  }
}

function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request) {
    length += part.length
    if (length > longestBody) throw new Refusal(413, `A body may have ${longestBody} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function send(response: ServerResponse, { status, type, text }: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': type }).end(text)
}
