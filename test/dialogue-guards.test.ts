import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startColony } from '../chat-test.ts'
import { seal } from '../config/vault.ts'
import { fleetTimes } from '../fleet/fleet.ts'
import { Bot } from '../models/bot.ts'
import { Callback } from '../models/callback.ts'
import { changes } from '../models/changes.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Update } from '../models/update.ts'
import { basics, defineKind, defineScene } from '../rookery.ts'
import { form, said, startProbe } from './probe.ts'

const ping = defineScene('ping@1', async (talk) => {
  await talk.say(said, { text: 'pong' })
})

test('a scene that waited for its turn and is gone after an update of the code locks nobody out', async () => {
  await using probe = await startProbe({ ping })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  const id = `${bot._id}:${probe.colony.admin.person.id}`
  const state = seal(gzipSync(JSON.stringify({ waiting: [{ scene: 'gone@1' }] })))
  await Dialogue.replaceOne({ _id: id }, { version: 5, lastUpdate: 'x', state }, { upsert: true })
  await probe.chat.sends('/ping')
  await probe.chat.sees('pong')
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  expect(await Update.dead(bot._id)).toBe(0)
})

test('a typed label counts before a number', async () => {
  const rate = defineScene('rate@1', async (talk) => {
    const stars = await talk.choose(said, ['5', '4', '3', '2', '1'], { text: 'Stars?' })
    await talk.say(said, { text: `stars=${stars}` })
  })
  await using probe = await startProbe({ rate })
  await probe.chat.sends('/rate')
  await probe.chat.sees('Stars?')
  await probe.chat.sends('1')
  await probe.chat.sees('stars=1')
})

test('an answer means what its question offered, also when the wording has changed since', async () => {
  let label = 'Yes'
  const agree = defineScene('agree@1', async (talk) => {
    await talk.choose(said, [{ value: 'yes', label }], { text: 'Agree?' })
    const why = await talk.ask(said, { text: 'Why?' })
    await talk.say(said, { text: `because ${why}` })
  })
  await using probe = await startProbe({ agree })
  await probe.chat.sends('/agree')
  await probe.chat.sees('Agree?')
  await probe.chat.sends('Yes')
  await probe.chat.sees('Why?')
  label = 'Certainly'
  await probe.chat.sends('I do')
  await probe.chat.sees('because I do')
})

test('/stop is obeyed in the middle of a dialogue', async () => {
  const question = defineScene('question@1', async (talk) => {
    await talk.ask(said, { text: 'Well?' })
  })
  await using probe = await startProbe({ question })
  await probe.chat.sends('/question')
  await probe.chat.sees('Well?')
  await probe.chat.sends('/stop')
  await probe.chat.sees('/start')
})

test('what was typed behind a command lies sealed', async () => {
  const question = defineScene('question@1', async (talk) => {
    await talk.ask(said, { text: 'Well?' })
  })
  await using probe = await startProbe({ question, ping })
  await probe.chat.sends('/question')
  await probe.chat.sees('Well?')
  await probe.chat.sends(`/ping ${'a very secret word '.repeat(5)}`)
  await probe.chat.sees('Leave')
  const kept = await Callback.find().lean()
  expect(kept).not.toHaveLength(0)
  expect(kept.map(({ data }) => (data as unknown as Buffer).toString())).not.toContainEqual(
    expect.stringContaining('secret'),
  )
})

test.each(['s|ping@1|{', 'm|home|%', 's|ping@1|{"bot":{}}', 'nonsense'])(
  'a press that no button of ours makes is stale: %s',
  async (data) => {
    await using probe = await startProbe({ ping })
    const bot = await Bot.named('sandbox', 'probe_bot').orFail()
    const [shown] = await probe.chat.messages()
    const from = { id: probe.colony.admin.person.id, is_bot: false, first_name: 'Alice' }
    const message = {
      message_id: shown?.message_id,
      date: 1,
      chat: { id: from.id, type: 'private', first_name: 'Alice' },
    }
    const update = { update_id: 9, callback_query: { id: '1', from, chat_instance: '1', data, message } } as never
    await Update.store(bot._id, [{ eventId: 'crafted', lane: String(from.id), payload: { update } }])
    changes.emit('inbox', String(bot._id))
    await probe.chat.sees('Here is what I can do')
    expect(await Update.dead(bot._id)).toBe(0)
  },
)

test.each(['form', 'form@', 'Form@1', 'form@1a'])('a scene has a name and a version: "%s" is refused', (id) => {
  expect(() => defineScene(id, async () => {})).toThrow(/must be a name and a version/)
})

test('each effect has a key of its own, and the same one when its update is tried again', async () => {
  const keys: string[][] = []
  const pay = defineScene('pay@1', async (talk) => {
    const first = await talk.effect('pay', async (key) => key)
    const second = await talk.effect('pay', async (key) => key)
    keys.push([first, second])
    if (keys.length === 1) throw new Error('the first try breaks off')
    await talk.say(said, { text: 'paid' })
  })
  const inbox = { ...fleetTimes.inbox, retryPausesMs: [10, 10] }
  await using probe = await startProbe({ pay }, { times: { ...fleetTimes, inbox } })
  await probe.chat.sends('/pay')
  await probe.chat.sees('paid')
  await probe.chat.sends('/pay')
  await probe.chat.sees('paid')
  const [broken, repeated, later] = keys
  expect(repeated).toEqual(broken)
  expect(new Set([...(repeated ?? []), ...(later ?? [])]).size).toBe(4)
})

test('a person who stops the bot while it is answering leaves no dead update', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const slow = defineScene('slow@1', async (talk) => {
    await talk.effect('wait', () => released)
    await talk.say(said, { text: 'too late' })
  })
  const inbox = { ...fleetTimes.inbox, retryPausesMs: [10, 10] }
  await using probe = await startProbe({ slow }, { times: { ...fleetTimes, inbox } })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  await probe.chat.sends('/slow')
  await expect.poll(() => Update.waiting(bot._id)).toBe(1)
  await probe.chat.stops()
  release()
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  expect(await Update.dead(bot._id)).toBe(0)
})

test('what is said after /cancel is no answer to the dialogue that it left', async () => {
  await using probe = await startProbe({ form })
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await probe.chat.sends('/cancel')
  await probe.chat.sees('Cancelled.')
  await probe.chat.sends('Ann')
  await probe.chat.sees('Here is what I can do')
})

test('the button of a menu leads out of a dialogue', async () => {
  await using probe = await startProbe({ form })
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await probe.chat.presses('Help')
  await probe.chat.sends('Ann')
  await probe.chat.sees('Here is what I can do')
})

test('two scenes of one id stop the start', async () => {
  const twin = defineScene('ping@1', async () => {})
  const texts = { command: { ping: 'Pings', twin: 'Pings too' } }
  const skills = [basics, { id: 'twins', commands: { ping, twin } }]
  const twins = defineKind({ id: 'twins', locales: { en: texts, ru: texts, uz: texts }, skills })
  await expect(startColony({ kinds: [twins] })).rejects.toThrow(/Two different scenes have the id "ping@1"/)
})

test('a command without a text stops the start', async () => {
  const mute = defineKind({ id: 'mute', skills: [basics, { id: 'untold', commands: { untold: ping } }] })
  await expect(startColony({ kinds: [mute] })).rejects.toThrow(/"mute" cannot run: .*mute\.command\.untold/)
})
