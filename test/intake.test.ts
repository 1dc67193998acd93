import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { removeBot } from '../acts/bots.ts'
import { channelOf } from '../acts/tokens.ts'
import { hookSecret } from '../channels/hook-address.ts'
import { setPublicUrl } from '../config/public-url.ts'
import { tellPersons } from '../delivery/notify.ts'
import { fleetTimes } from '../fleet/fleet.ts'
import { Audit } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { Update } from '../models/update.ts'
import { defineScene } from '../rookery.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { listenForUpdates } from '../sandbox/test/webhook-listener.ts'
import { type Probe, said, startProbe } from './probe.ts'
import { freePorts } from './rookery-process.ts'

const intake = { firstPauseMs: 20, longestPauseMs: 100, conflictPatienceMs: 300 }
const ping = defineScene('ping@1', async (talk) => {
  await talk.say(said, { text: 'pong' })
})
const { promise: released, resolve: release } = Promise.withResolvers<void>()
const slow = defineScene('slow@1', async (talk) => {
  await talk.effect('wait', () => released)
  await talk.say(said, { text: 'at last' })
})

let probe: Probe
let metabot: PersonChat
let url: string
beforeAll(async () => {
  const { PORT } = await freePorts()
  url = `http://127.0.0.1:${PORT}`
  probe = await startProbe({ ping, slow }, { times: { ...fleetTimes, intake }, env: { PORT, PUBLIC_URL: url } })
  metabot = probe.colony.admin.chat('metabot')
  await openIntake()
})
afterAll(() => probe.colony.close())
beforeEach(async () => {
  await Bot.change((await bot())._id, { intake: { by: 'polling' } })
  await expect.poll(() => webhookUrl()).toBe('')
})

const sandboxUrl = () => probe.colony.app.sandboxUrl ?? ''
const bot = () => Bot.named('sandbox', 'probe_bot').orFail()

async function openIntake(): Promise<void> {
  await metabot.sends('/bots')
  await metabot.presses('Probe')
  await metabot.presses('Intake')
  await metabot.sees('How shall they come in?')
}

async function answers(): Promise<void> {
  await probe.chat.sends('/ping')
  await probe.chat.sees('pong')
}

async function webhook() {
  const record = await bot()
  const { webhook } = await channelOf(record.server, Bot.token(record))
  if (!webhook) throw new Error('Telegram has webhooks')
  return webhook
}

async function webhookUrl(): Promise<string | undefined> {
  const found = await (await webhook()).info()
  return found.ok ? found.result.url : undefined
}

async function ours(): Promise<string> {
  return `${url}/hooks/telegram/${(await bot())._id}`
}

/** Posts to the bot's address what the person writes, as the messenger does. */
async function posts(text: string): Promise<void> {
  const { id, first_name } = probe.colony.admin.person
  const from = { id, first_name, is_bot: false }
  const message = { message_id: 1, date: 1, chat: { id, first_name, type: 'private' }, from, text }
  const headers = { 'x-telegram-bot-api-secret-token': hookSecret(await bot()) }
  const body = JSON.stringify({ update_id: 900_001, message })
  expect((await fetch(await ours(), { method: 'POST', headers, body })).status).toBe(200)
}

/** How often the sandbox has answered a method of the bot's. */
async function calls(method: string): Promise<number> {
  const path = `/bots/${(await bot()).botId}/counters`
  const counters = await callSandbox<Record<string, Record<string, number>>>(sandboxUrl(), 'GET', path)
  return Object.values(counters[method] ?? {}).reduce((sum, count) => sum + count, 0)
}

/** Puts the bot on a schedule, and waits until the long poll before it was broken off and what waited is read. */
async function putsOnSchedule(act: () => Promise<unknown>): Promise<void> {
  await answers()
  const before = await calls('getUpdates')
  await act()
  await expect.poll(() => calls('getUpdates')).toBeGreaterThanOrEqual(before + 2)
}

test('messages come in by a webhook, and by long polling again', async () => {
  await metabot.presses('Webhook')
  await metabot.sees('by a webhook.')
  await expect.poll(() => webhookUrl()).toBe(await ours())
  await answers()
  await metabot.presses('Long polling')
  await metabot.sees('by long polling.')
  await expect.poll(() => webhookUrl()).toBe('')
  await answers()
  const acts = await Audit.find({ act: 'intake.set', bot: (await bot())._id }).lean()
  expect(acts.map(({ details }) => details)).toEqual([{ by: 'webhook' }, { by: 'polling' }])
})

test('a slow handler holds up neither the messenger nor another chat', async () => {
  await metabot.presses('Webhook')
  await expect.poll(() => webhookUrl()).toBe(await ours())
  await probe.chat.sends('/slow')
  await expect.poll(async () => Update.waiting((await bot())._id)).toBe(1)
  const other = (await probe.colony.person({ first_name: 'Olga' })).chat('probe_bot')
  await other.sends('/ping')
  await other.sees('pong')
  release()
  await probe.chat.sees('at last')
})

test('a webhook that somebody removes is set again', async () => {
  await metabot.presses('Webhook')
  await expect.poll(() => webhookUrl()).toBe(await ours())
  await (await webhook()).remove()
  await expect.poll(() => webhookUrl()).toBe(await ours())
  await answers()
})

test('on a schedule the greeting says within how many seconds answers come, and they do', async () => {
  await metabot.presses('Other seconds')
  await metabot.sees('From 1 to 86400')
  for (const wrong of ['0', '86401', '1.5', 'often']) {
    await metabot.sends(wrong)
    await metabot.sees('Type a whole number of seconds from 1 to 86400')
  }
  await metabot.sends('1')
  expect((await metabot.sees('How shall they come in?')).text).toMatch(/read every second, next (in \d second|now)/)
  await probe.chat.sends('/start')
  await probe.chat.sees('an answer comes within 1 second')
  await answers()
})

test('a bot that is read once an hour sends its notifications in time, and reads what waited when that changes', async () => {
  await putsOnSchedule(() => metabot.presses('Every 3600 s'))
  await probe.chat.sends('/ping')
  const record = await bot()
  await tellPersons(
    record,
    [probe.colony.admin.person.id],
    { text: 'It is on its way', format: 'plain' },
    { system: true },
  )
  await probe.chat.sees('It is on its way')
  await probe.chat.seesNothing()
  expect(await Update.waiting(record._id)).toBe(0)
  await openIntake()
  await metabot.presses('Long polling')
  await probe.chat.sees('pong')
})

test('on a cron the greeting says when messages are read next; a line that is none is refused', async () => {
  await metabot.presses('By cron')
  const wrong = {
    '* * * *': 'It has five fields',
    '*/10 * * * * *': 'It has five fields',
    '0 9 13 * 5': 'let the other be',
  }
  for (const [line, why] of Object.entries(wrong)) {
    await metabot.sends(line)
    await metabot.sees(why)
  }
  await metabot.sends(' 0  9 1 1 * ')
  await metabot.sees('In which time zone?')
  await metabot.sends('Moon/Sea')
  await metabot.sees('no time zone of this name')
  await putsOnSchedule(() => metabot.sends('asia/tashkent'))
  expect((await metabot.sees('the cron 0 9 1 1 * (Asia/Tashkent), next in')).text).toContain('is lost')
  // As a webhook's last message that comes late: it is taken whatever the plan is.
  await posts('/start')
  await probe.chat.sees(/next on Jan 1, \d{4}, 9:00\sAM \(Asia\/Tashkent\): an answer comes within \d+ seconds/)
})

test('a webhook of somebody else is shown and told, and stays until an admin takes over', async () => {
  const theirs = await listenForUpdates()
  await (await webhook()).set(theirs.url, 'theirs')
  await metabot.sees('go to a webhook that is not mine')
  await metabot.presses('Decide')
  expect((await metabot.sees('How shall they come in?')).text).toContain(`at ${new URL(theirs.url).origin}, and do not`)
  await probe.chat.sends('/ping')
  await expect.poll(theirs.texts).toEqual(['/ping'])
  await metabot.presses('Leave it')
  await metabot.sees('Messages go to a webhook of somebody else')
  expect(await webhookUrl()).toBe(theirs.url)
  await openIntake()
  await metabot.presses('Take over')
  await expect.poll(() => webhookUrl()).not.toBe(theirs.url)
  await answers()
  expect((await bot()).foreignWebhook).toBeNull()
})

test('what cannot be reached is in the card, and comes in once it can', async () => {
  await metabot.presses('Webhook')
  await expect.poll(() => webhookUrl()).toBe(await ours())
  const { collection } = Update
  const failing = vi.spyOn(collection, 'insertMany').mockRejectedValue(new Error('a blip of the store'))
  await probe.chat.sends('/ping')
  await expect.poll(async () => (await bot()).lastError).toContain('503 Service Unavailable')
  failing.mockRestore()
  await probe.chat.sees('pong')
})

test('without PUBLIC_URL a webhook is refused in a sentence, and one that was chosen before rests while messages come in', async () => {
  await metabot.presses('Webhook')
  await expect.poll(() => webhookUrl()).toBe(await ours())
  setPublicUrl(url)
  await expect.poll(() => webhookUrl()).toBe('')
  await answers()
  await openIntake()
  expect(await metabot.presses('✅ Webhook')).toMatchObject({
    text: expect.stringContaining('needs the setting PUBLIC_URL'),
  })
  await metabot.presses('« Back')
  await metabot.sees('The webhook rests. A webhook needs the setting PUBLIC_URL')
  setPublicUrl(url, url)
  await openIntake()
  await metabot.presses('Long polling')
  await metabot.presses('Webhook')
  await expect.poll(() => webhookUrl()).toBe(await ours())
})

test('a webhook that the messenger refuses is in the card, and messages come in all the same', async () => {
  setPublicUrl(url, 'http://rookery.example')
  await metabot.presses('Webhook')
  await expect.poll(async () => (await bot()).lastError).toContain('An HTTPS URL must be provided')
  await answers()
  setPublicUrl(url, url)
  await expect.poll(() => webhookUrl()).toBe(await ours())
})

test('the webhook of a bot that is removed is taken away', async () => {
  await metabot.presses('Webhook')
  await expect.poll(() => webhookUrl()).toBe(await ours())
  const former = await webhook()
  await removeBot({ server: 'sandbox', personId: probe.colony.admin.person.id }, String((await bot())._id))
  expect(await former.info()).toMatchObject({ result: { url: '' } })
})
