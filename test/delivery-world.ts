import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openChannel } from '../channels/channels.ts'
import { createLogger } from '../config/logger.ts'
import { type Dispatcher, type DispatcherTimes, startDispatcher } from '../delivery/dispatcher.ts'
import { notify, type Order, type Receipt } from '../delivery/notify.ts'
import { createOutbound, type OutboundOptions } from '../delivery/outbound.ts'
import { RateBudget } from '../delivery/rate-budget.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Delivery, type DeliveryRecord, finalStates } from '../models/delivery.ts'
import { Link } from '../models/link.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { Server, type ServerRecord } from '../models/server.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { startSandbox } from '../sandbox/server.ts'
import { openTestStore } from './test-store.ts'

export const log = createLogger('silent')

/** The real store and the real sandbox, without the application. */
export async function startWorld() {
  const dir = await mkdtemp(join(tmpdir(), 'delivery-'))
  const store = await openTestStore()
  const sandbox = await startSandbox({ dir, port: 0 })
  const record = { _id: `sandbox-${randomUUID()}`, channel: 'telegram', apiRoot: sandbox.url, limits: null }
  const server = (await Server.create(record)).toObject() as ServerRecord
  return {
    server,
    url: sandbox.url,
    newBot: (kind = 'assistant') => newBot(server, kind),
    async close() {
      await sandbox.close()
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>
export type TestBot = Awaited<ReturnType<typeof newBot>>

let bots = 0

/** A bot with its dispatcher off, and what the tests do with it. */
async function newBot(server: ServerRecord, kind: string) {
  const sandbox = server.apiRoot
  const username = `bot${++bots}_${randomUUID().slice(0, 8)}_bot`
  const made = await callSandbox<{ id: number; token: string }>(sandbox, 'POST', '/bots', { name: 'Bot', username })
  const identity = { botId: String(made.id), username, name: 'Bot', description: '' }
  const record = await Bot.add({ server: server._id, kind, locale: 'en', ...identity }, made.token)
  const outboundOf = (options: Partial<OutboundOptions> = {}) =>
    createOutbound({
      channel: openChannel(server, made.token),
      budget: new RateBudget(server.limits ?? null),
      mayStillSend: () => true,
      onForbidden: () => {},
      onMoved: () => {},
      onUnauthorized: () => {},
      log,
      ...options,
    })
  return {
    record,
    outboundOf,
    person: (userId?: string, locale?: 'en' | 'ru' | 'uz') =>
      newPerson(sandbox, record, { userId, locale: locale ?? 'en' }),
    strike: (fault: object) => callSandbox(sandbox, 'PUT', `/faults/${made.id}`, fault),
    outbox: () => callSandbox<{ chat_id: number; text: string }[]>(sandbox, 'GET', `/bots/${made.id}/outbox`),
    texts: async () => (await outboxOf(sandbox, made.id)).map(({ text }) => text),
    stopped: ({ personId }: PersonRecord) =>
      callSandbox(sandbox, 'POST', `/people/${personId}/chats/${made.id}/stop`, {}),
    say: (persons: PersonRecord[], text: string, order: Partial<Order> = {}) => say(record, persons, text, order),
    dispatch: (times: Partial<DispatcherTimes> = {}, options: Partial<OutboundOptions> = {}): Dispatcher =>
      startDispatcher({
        bot: record,
        outbound: outboundOf(options),
        capabilities: openChannel(server, made.token).capabilities,
        log,
        times: { lookEveryMs: 50, pauseBefore: () => 20, ...times },
      }),
    token: made.token,
    messengerId: made.id,
  }
}

function outboxOf(sandbox: string, bot: number) {
  return callSandbox<{ chat_id: number; text: string }[]>(sandbox, 'GET', `/bots/${bot}/outbox`)
}

let people = 0

/** Somebody who has pressed Start and is linked to a user. */
async function newPerson(
  sandbox: string,
  bot: BotRecord,
  { userId, locale }: { userId: string | undefined; locale: 'en' | 'ru' | 'uz' },
): Promise<PersonRecord> {
  const name = `Person ${++people}`
  const { id } = await callSandbox<{ id: number }>(sandbox, 'POST', '/people', { first_name: name })
  await callSandbox(sandbox, 'POST', `/people/${id}/chats/${bot.botId}/start`, {})
  const person = await Person.meet(bot._id, { personId: id, chat: id, name, locale })
  if (userId !== undefined) await Link.make(bot._id, id, userId)
  return { ...person, ...(userId !== undefined && { userId }) }
}

async function say(bot: BotRecord, persons: PersonRecord[], text: string, order: Partial<Order>): Promise<Receipt> {
  const receipt = await notify(bot, { content: { text }, persons, madeBy: { system: true }, ...order })
  if (receipt === 'taken') throw new Error('taken')
  return receipt
}

/** The deliveries of a notification once all of them are finished. */
export function finished({ notificationId }: Receipt): Promise<DeliveryRecord[]> {
  return until(async () => {
    const deliveries = await deliveriesOf(notificationId)
    return deliveries.every(({ state }) => finalStates.includes(state as never)) ? deliveries : undefined
  })
}

export async function deliveriesOf(notificationId: string): Promise<DeliveryRecord[]> {
  return Delivery.find({ notification: notificationId }).sort({ _id: 1 }).lean<DeliveryRecord[]>()
}

/** Waits until something is there. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 10_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error('It did not come about within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
