import { mongo } from 'mongoose'
import { expect, test, vi } from 'vitest'
import { fleetTimes } from '../fleet/fleet.ts'
import { Bot } from '../models/bot.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Update } from '../models/update.ts'
import { defineScene } from '../rookery.ts'
import { said, startProbe } from './probe.ts'

// The store fails at the driver's door; everything above it is real.
const ping = defineScene('ping@1', async (talk) => {
  await talk.say(said, { text: 'pong' })
})
const form = defineScene('form@1', async (talk) => {
  const name = await talk.ask(said, { text: 'Name?' })
  const phone = await talk.ask(said, { text: 'Phone?' })
  await talk.say(said, { text: `name=${name} phone=${phone}` })
})

test('an update whose end could not be written down does not answer a later question', async () => {
  await using probe = await startProbe({ form })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  const failing = vi.spyOn(Update.collection, 'updateMany').mockRejectedValueOnce(new Error('a blip of the store'))
  await probe.chat.sends('Ann')
  await probe.chat.sees('Phone?')
  await expect.poll(() => failing.mock.calls.length).toBeGreaterThan(1)
  failing.mockRestore()
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  await probe.chat.sends('1')
  await probe.chat.sees('name=Ann phone=1')
})

test('an update whose next attempt could not be counted is answered all the same', async () => {
  let runs = 0
  const failsOnce = defineScene('fails-once@1', async (talk) => {
    if (++runs === 1) throw new Error('the first run fails')
    await talk.say(said, { text: 'pong' })
  })
  await using probe = await startProbe({ ping: failsOnce })
  const failing = vi
    .spyOn(Update.collection, 'findOneAndUpdate')
    .mockRejectedValueOnce(new Error('a blip of the store'))
  await probe.chat.sends('/ping')
  await probe.chat.sees('pong')
  expect(failing.mock.calls.length).toBeGreaterThan(1)
  failing.mockRestore()
})

test('that the store was away is no failed attempt of an update', async () => {
  const inbox = { ...fleetTimes.inbox, retryPausesMs: [] }
  await using probe = await startProbe({ ping }, { times: { ...fleetTimes, inbox } })
  const failing = vi.spyOn(Dialogue.collection, 'find').mockImplementationOnce(() => {
    throw new mongo.MongoNetworkError('connection closed')
  })
  await probe.chat.sends('/ping')
  await probe.chat.sees('pong')
  expect(failing.mock.calls.length).toBeGreaterThan(1)
  failing.mockRestore()
})

test('an insert that was applied though the driver saw an error is not forgotten', async () => {
  await using probe = await startProbe({ ping })
  const { collection } = Update
  const insertMany = collection.insertMany.bind(collection)
  const failing = vi.spyOn(collection, 'insertMany').mockImplementationOnce(async (documents, options = {}) => {
    await insertMany(documents, options)
    throw new mongo.MongoNetworkError('connection closed')
  })
  await probe.chat.sends('/ping')
  await probe.chat.sees('pong')
  expect(failing).toHaveBeenCalled()
  failing.mockRestore()
})
