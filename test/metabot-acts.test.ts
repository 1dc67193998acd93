import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeApiKey } from '../acts/api-keys.ts'
import { deadUpdates, settleDead } from '../acts/dead-updates.ts'
import { issueKey } from '../acts/keys.ts'
import { lastActs } from '../acts/last-acts.ts'
import { bindKey } from '../acts/links.ts'
import { hasText } from '../config/i18n.ts'
import { createLogger } from '../config/logger.ts'
import { fleetTimes } from '../fleet/fleet.ts'
import { ApiKey } from '../models/api-key.ts'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Update } from '../models/update.ts'
import { defineScene } from '../rookery.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { type Probe, said, startProbe } from './probe.ts'

const log = createLogger('silent')
let probe: Probe
let bot: BotRecord
let id: string
let metabot: PersonChat
let broken = false

/** Repeats what follows the command, unless it is broken. */
const echo = defineScene<{ payload: string }>('echo@1', async (talk, { payload }) => {
  await talk.effect('break', async () => {
    if (broken) throw new RangeError('secret details')
  })
  await talk.say(said, { text: payload })
})

beforeAll(async () => {
  const inbox = { ...fleetTimes.inbox, retryPausesMs: [] }
  probe = await startProbe({ echo }, { times: { ...fleetTimes, inbox } })
  bot = await Bot.named('sandbox', 'probe_bot').orFail()
  id = String(bot._id)
  metabot = probe.colony.admin.chat('metabot')
})
afterAll(() => probe[Symbol.asyncDispose]())

async function openCard(): Promise<void> {
  await metabot.sends('/bots')
  await metabot.presses(/Probe/)
  await metabot.sees('@probe_bot')
}

async function dies(...texts: string[]): Promise<void> {
  broken = true
  for (const text of texts) {
    await probe.chat.sends(`/echo ${text}`)
    await probe.chat.sees('went wrong on our side')
  }
  broken = false
}

test('dead messages are replayed in order, one or all, without their text being shown', async () => {
  await dies('hush-1', 'hush-2', 'hush-3')
  await openCard()
  await metabot.presses('Dead messages: 3')
  const { text } = await metabot.sees('What they said stays private')
  expect(text).toMatch(/3\. a message, .*: RangeError/)
  expect(text).not.toMatch(/hush|secret/)
  await metabot.presses('Replay 3')
  await metabot.sees('2 messages could not be handled')
  await probe.chat.sees('hush-1')
  expect(await metabot.presses('Replay · all')).toMatchObject({ text: 'Put back: 2. They are tried anew.' })
  await probe.chat.sees('hush-2')
  await probe.chat.sees('hush-3')
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  expect(await Update.dead(bot._id)).toBe(0)
})

test('a replay that fails again is dead again; what is dismissed is gone, and its repeat refused', async () => {
  await dies('again')
  broken = true
  const admin = { server: 'sandbox', personId: probe.colony.admin.person.id }
  expect(await settleDead(admin, id, '', 'replay')).toBe(1)
  await probe.chat.sees('went wrong on our side')
  broken = false
  await openCard()
  await metabot.presses('Dead messages: 1')
  expect(await metabot.presses('Dismiss 1')).toMatchObject({ text: 'Dismissed: 1.' })
  await metabot.sees('Nothing is dead')
  const done = await Update.findOne({ bot: bot._id, doneAt: { $exists: true } })
    .sort({ doneAt: -1 })
    .lean()
    .orFail()
  expect([done.payload, done.error, done.state]).toEqual([undefined, undefined, undefined])
  await expect(settleDead(admin, id, String(done._id), 'dismiss')).rejects.toThrow('error.updateGone')
  await expect(settleDead(admin, id, 'no id', 'replay')).rejects.toThrow('error.updateGone')
})

test('the card tells who did what: admins, API keys and Rookery itself, in pages', async () => {
  const admin = { server: 'sandbox', personId: probe.colony.admin.person.id }
  const { id: apiKey } = await makeApiKey(admin, { name: 'ERP', bots: [id], wish: 'acts' })
  const key = (await issueKey(bot, admin.personId)).digits
  await bindKey({ apiKey: (await ApiKey.byId(apiKey).orFail())._id }, id, { key, userId: '127' }, log)
  await openCard()
  await metabot.presses('Last acts')
  const { text } = await metabot.sees('What was last done with Probe')
  expect(text).toMatch(/ERP: connected Alice Admin to the user 127/)
  expect(text).toMatch(/Alice Admin: dismissed dead messages: 1/)
  for (let n = 0; n < 6; n++) await Audit.record('sandbox', bot._id, { system: true }, 'bot.check')
  await metabot.presses('Back')
  await metabot.presses('Last acts')
  await metabot.sees('the process itself: checked the bot')
  await metabot.presses('▶')
  await metabot.sees('Alice Admin: added the bot (probe)')
  await metabot.sends('/start')
  await metabot.sees('This is your colony')
  await metabot.presses('Admins')
  await metabot.presses('Last acts')
  await metabot.sees('What was last done here')
  await metabot.presses('▶')
  await metabot.sees('Alice Admin: claimed this colony')
})

test('every act that was recorded here has a text', async () => {
  const acts = await Audit.distinct('act')
  expect(acts.filter((act) => !hasText(`acts.${act}`))).toEqual([])
})

test('a stranger and a viewer see neither acts nor dead messages', async () => {
  const stranger = { server: 'sandbox', personId: 4711 }
  await expect(lastActs(stranger, id, 0)).rejects.toThrow('error.noRight')
  await expect(lastActs(stranger, '', 0)).rejects.toThrow('error.noRight')
  await expect(deadUpdates(stranger, id, 0)).rejects.toThrow('error.noRight')
})
