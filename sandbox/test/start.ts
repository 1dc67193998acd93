import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { addPerson, connectPerson, type PersonClient } from '../person.ts'
import { callSandbox } from '../sandbox-call.ts'
import { startSandbox } from '../server.ts'
import type { WebhookTimes } from '../webhook-sender.ts'

export interface TestBot {
  id: number
  username: string
  token: string
  /** A call of the Bot API as any client makes it. */
  call(method: string, parameters?: object): Promise<Answer>
}

// biome-ignore lint/suspicious/noExplicitAny: the answers of all methods, as they come over the wire
export type Answer = { ok: boolean; result: any; error_code?: number; description?: string; parameters?: object }

export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

/** A running sandbox that ends with the test. */
export async function startTestSandbox({ dir, times }: { dir?: string; times?: WebhookTimes } = {}) {
  const sandbox = await startSandbox({ dir: dir ?? (await tempDir()), port: 0, ...(times && { times }) })
  const { url, close } = sandbox
  onTestFinished(close)
  return {
    url,
    close,
    api: <T>(method: string, path: string, body?: object) => callSandbox<T>(url, method, path, body),
    bot: (username = 'shop_bot') => makeBot(url, username),
    person: (who: string) => closedAfterTest(connectPerson(url, who)),
    newPerson: (first_name: string) => closedAfterTest(addPerson(url, { first_name })),
  }
}

async function makeBot(url: string, username: string): Promise<TestBot> {
  const made = await callSandbox<TestBot>(url, 'POST', '/bots', { name: 'Shop', username })
  return { ...made, call: (method, parameters) => callBot(url, made.token, method, parameters) }
}

export async function callBot(url: string, token: string, method: string, parameters?: object): Promise<Answer> {
  const response = await fetch(`${url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(parameters && { body: JSON.stringify(parameters) }),
  })
  const answer = (await response.json()) as Answer
  if (response.status !== (answer.error_code ?? 200))
    throw new Error(`HTTP ${response.status} with ${JSON.stringify(answer)}`)
  return answer
}

async function closedAfterTest(connecting: Promise<PersonClient>): Promise<PersonClient> {
  const person = await connecting
  onTestFinished(() => person.close())
  return person
}

/** The smallest picture there is: one pixel. */
export const onePixelPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
