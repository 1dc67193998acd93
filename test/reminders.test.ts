import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blockUser, deleteUser, disconnectUser } from '../acts/account-news.ts'
import { notifyUser } from '../delivery/notify.ts'
import { raise } from '../jobs/remind.ts'
import { Bot } from '../models/bot.ts'
import { Link } from '../models/link.ts'
import type { FollowUp } from '../models/notification.ts'
import { Person } from '../models/person.ts'
import { Reminder, type ReminderRecord } from '../models/reminder.ts'
import { Update } from '../models/update.ts'
import { defineScene } from '../rookery.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { form, outbox, type Probe, said, startProbe } from './probe.ts'

const rate = defineScene('rate@1', async (talk, { order }: { order: string }) => {
  const stars = await talk.choose(said, ['1', '2', '3'], { text: `Rate ${order}` })
  await talk.ask(said, { text: 'Why?' })
  await talk.say(said, { text: `${order} has ${stars}` })
})

let dir: string
let probe: Probe
let people = 0

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  probe = await start()
})
afterAll(async () => {
  await probe[Symbol.asyncDispose]()
  await rm(dir, { recursive: true })
})

const start = () => startProbe({ form }, { dir, scenes: [rate] })
const probeBot = () => Bot.named('sandbox', 'probe_bot').orFail()

/** Somebody new, and what other systems and time do to them. */
async function somebody() {
  const name = `p${++people}`
  const { person, chat: chatWith } = await probe.colony.person({ first_name: name, language_code: 'en' })
  const chat: PersonChat = chatWith('probe_bot')
  await chat.start()
  await chat.sees('Probe')
  const { _id: bot } = await probeBot()
  await Link.make(bot, person.id, name)
  const reminder = () => Reminder.findOne({ bot, personId: person.id }).lean<ReminderRecord>()
  return {
    chat,
    userId: name,
    reminder,
    become: (fields: object) => Person.updateOne({ bot, personId: person.id }, { $set: fields }),
    async isAsked(order: string, following: FollowUp) {
      const then = rate.with({ order })
      await notifyUser(await probeBot(), name, { text: `Bought ${order}`, then, ...following })
    },
    /** Lets the next reminder, or the end, fall due at once, and waits until that has been seen to. */
    async waitsLong() {
      await expect.poll(reminder).not.toBeNull()
      const { turn } = (await reminder()) ?? { turn: -1 }
      await Reminder.updateOne({ bot, personId: person.id }, { nextAt: new Date() })
      await expect.poll(async () => (await reminder())?.turn, { timeout: 10_000 }).not.toBe(turn)
      await expect.poll(() => Update.waiting(bot), { timeout: 10_000 }).toBe(0)
    },
    /** How often the bot has said it to this person. */
    async heard(text: string): Promise<number> {
      return (await chat.view()).messages.filter((one) => one.text === text).length
    },
  }
}

const tomorrow = { after: '1d', text: 'Another time then.' } as const
const well = { after: '1h', times: 2, text: { en: 'Well?', ru: 'Ну как?' } } as const

test('reminds so often of a question without an answer, then leaves it with a word', async () => {
  const ann = await somebody()
  const soon = 300
  const remind = { ...well, after: soon }
  await ann.isAsked('A', { remind, giveUp: { after: 4 * soon, text: 'Another time then.' } })
  await ann.chat.sees('Rate A')
  await ann.chat.sees('Another time then.')
  expect(await ann.heard('Well?')).toBe(2)
  await ann.chat.presses('2')
  await ann.chat.sees('I did not quite get that')
  expect([await ann.heard('Why?'), await ann.reminder()]).toEqual([0, null])
})

test('reminds nobody who has answered the first question, and leaves them to the second', async () => {
  const ann = await somebody()
  await ann.isAsked('A', { remind: well, giveUp: tomorrow })
  await ann.chat.presses('3')
  await ann.chat.sees('Why?')
  await ann.waitsLong()
  await expect.poll(ann.reminder).toBeNull()
  await ann.chat.sends('Because')
  await ann.chat.sees('A has 3')
  expect(await ann.heard('Well?')).toBe(0)
})

test('what the question refuses is no answer', async () => {
  const ann = await somebody()
  await ann.isAsked('A', { remind: well })
  await ann.chat.sees('Rate A')
  await ann.chat.sends('hm')
  await ann.chat.sees('press one of the buttons')
  await ann.waitsLong()
  await ann.chat.sees('Well?')
  await ann.chat.presses('1')
  await ann.chat.sees('Why?')
})

test('counts from the question, which waits for the dialogue before it, and each question for itself', async () => {
  const ann = await somebody()
  await ann.chat.sends('/form')
  await ann.chat.sees('Name?')
  for (const order of ['A', 'B']) await ann.isAsked(order, { giveUp: { after: 300, text: `No stars for ${order}` } })
  await ann.chat.sees('Bought B')
  for (const answer of ['Ann', '1', 'Rome']) await ann.chat.sends(answer)
  for (const said of ['city=Rome', 'Rate A', 'No stars for A', 'Rate B', 'No stars for B']) await ann.chat.sees(said)
})

test.each([
  ['has stopped the bot', { stopped: 'by-command' }],
  ['has paused', { pausedUntil: new Date(Date.now() + 3_600_000) }],
  ['wishes for silence', { muted: true }],
  ['is blocked', { blocked: { at: new Date() } }],
])('reminds nobody who %s, and gives up without a word', async (_, fields) => {
  const ann = await somebody()
  await ann.isAsked('A', { remind: { ...well, times: 1 }, giveUp: tomorrow })
  await ann.chat.sees('Rate A')
  await ann.become(fields)
  await ann.waitsLong()
  await ann.waitsLong()
  await ann.chat.presses('1')
  await ann.chat.sees(/I did not quite get that|You asked me to send nothing more/)
  expect([await ann.heard('Well?'), await ann.heard('Another time then.'), await ann.heard('Why?')]).toEqual([0, 0, 0])
})

test('two processes that see the same hour come remind once', async () => {
  const ann = await somebody()
  await ann.isAsked('A', { remind: well, giveUp: tomorrow })
  await ann.chat.sees('Rate A')
  await expect.poll(ann.reminder).not.toBeNull()
  const reminder = (await ann.reminder()) as ReminderRecord
  await Promise.all([raise(reminder), raise(reminder)])
  await ann.chat.sees('Well?')
  expect(await ann.reminder()).toMatchObject({ turn: 1 })
  await ann.waitsLong()
  await ann.chat.sees('Well?')
  expect(await ann.heard('Well?')).toBe(2)
})

test('what fell due while nothing ran is said after the next start', async () => {
  const ann = await somebody()
  await ann.isAsked('A', { remind: { after: '2s', text: 'Awake again?' }, giveUp: tomorrow })
  await ann.chat.sees('Rate A')
  await expect.poll(ann.reminder).not.toBeNull()
  await probe[Symbol.asyncDispose]()
  probe = await start()
  const heard = async () => (await outbox(probe)).filter(({ text }) => text === 'Awake again?').length
  await expect.poll(heard, { timeout: 10_000 }).toBe(1)
  await expect.poll(async () => (await ann.reminder())?.turn).toBe(1)
})

test('reminds nobody whose account is disconnected, deleted or blocked meanwhile', async () => {
  const by = { system: true } as const
  for (const news of [disconnectUser, deleteUser, blockUser]) {
    const ann = await somebody()
    await ann.isAsked('A', { remind: well })
    await ann.chat.sees('Rate A')
    await expect.poll(ann.reminder).not.toBeNull()
    await news({ bot: await probeBot(), userId: ann.userId, by })
    await expect.poll(ann.reminder).toBeNull()
  }
})
