import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { fleetTimes } from '../fleet/fleet.ts'
import { Bot } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Update } from '../models/update.ts'
import { defineScene } from '../rookery.ts'
import { form, outbox, said, startProbe } from './probe.ts'

test('an update that was applied but not marked as done does not answer the next question', async () => {
  await using probe = await startProbe({ form })
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await probe.chat.sends('Boris')
  await probe.chat.sees('Phone?')
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  const { lastUpdate } = await Dialogue.findOne({ state: { $exists: true } })
    .lean()
    .orFail()
  // As a crash leaves it: the dialogue names the update, the inbox still holds it.
  await Update.deleteOne({ bot: bot._id, eventId: lastUpdate })
  const from = { id: probe.colony.admin.person.id, is_bot: false, first_name: 'Alice' }
  const message = {
    message_id: 1,
    date: 1,
    chat: { id: from.id, type: 'private', first_name: 'Alice' },
    from,
    text: 'Boris',
  }
  const update = { update_id: Number(lastUpdate), message } as never
  await Update.store(bot._id, [{ eventId: lastUpdate, lane: String(from.id), payload: { update } }])
  changes.emit('inbox', String(bot._id))
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  await probe.chat.seesNothing()
  await probe.chat.sends('555')
  await probe.chat.sees('City?')
})

test('what another process has stored is seen by a look, and done', async () => {
  const times = { ...fleetTimes, inbox: { ...fleetTimes.inbox, lookEveryMs: 20 } }
  await using probe = await startProbe({ form }, { times })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  const { id, first_name } = probe.colony.admin.person
  const from = { id, is_bot: false, first_name }
  const message = { message_id: 1, date: 1, chat: { id, type: 'private', first_name }, from, text: '/form' }
  const update = { update_id: 9001, message } as never
  await Update.store(bot._id, [{ eventId: '9001', lane: String(id), payload: { update } }])
  await probe.chat.sees('Name?')
})

test('an update without a private chat shares no state with anybody: it has no dialogue', async () => {
  await using probe = await startProbe({ form })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  const from = { id: probe.colony.admin.person.id, is_bot: false, first_name: 'Alice' }
  const chat = { id: -100, type: 'group', title: 'Everybody' }
  const update = { update_id: 9001, message: { message_id: 1, date: 1, chat, from, text: '/form' } } as never
  await Update.store(bot._id, [{ eventId: '9001', lane: '-100', payload: { update } }])
  await Update.store(bot._id, [
    { eventId: '9002', lane: '', payload: { update: { update_id: 9002, poll: {} } as never } },
  ])
  changes.emit('inbox', String(bot._id))
  await expect.poll(() => Update.waiting(bot._id)).toBe(0)
  expect(await Update.dead(bot._id)).toBe(0)
  expect(await Dialogue.countDocuments({ _id: new RegExp(String(bot._id)) })).toBe(0)
})

test('fast messages of one chat are taken in order, none is lost', async () => {
  await using probe = await startProbe({ form })
  await probe.chat.sends('/form')
  for (const text of ['Ann', '1', 'Rome']) await probe.chat.sends(text)
  await probe.chat.sees('name=Ann phone=1 city=Rome')
})

test('a slow handler in one chat holds up no other', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const slow = defineScene('slow@1', async (talk) => {
    await talk.effect('wait', () => released)
    await talk.say(said, { text: 'at last' })
  })
  await using probe = await startProbe({ slow, form })
  await probe.chat.sends('/slow')
  const other = (await probe.colony.person({ first_name: 'Olga' })).chat('probe_bot')
  await other.sends('/form')
  await other.sees('Name?')
  release()
  await probe.chat.sees('at last')
})

test('at its deadline an update lets its lane go on, and what it does later is refused', async () => {
  const inbox = { ...fleetTimes.inbox, deadlineMs: 2_500, retryPausesMs: [] }
  const stuck = defineScene('stuck@1', async (talk) => {
    await talk.effect('sleep', () => pause(3_200))
    await talk.say(said, { text: 'far too late' })
  })
  await using probe = await startProbe({ stuck, form }, { times: { ...fleetTimes, inbox } })
  await probe.chat.sends('/stuck')
  await probe.chat.sees(/went wrong on our side/)
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await pause(1_000)
  expect((await outbox(probe)).some(({ text }) => text === 'far too late')).toBe(false)
})

test('what an update comes to after its deadline is not written', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const silent = defineScene('silent@1', async (talk) => {
    await talk.effect('wait', () => released)
    await talk.conversation.wait()
  })
  const inbox = { ...fleetTimes.inbox, deadlineMs: 2_500, retryPausesMs: [] }
  await using probe = await startProbe({ silent }, { times: { ...fleetTimes, inbox } })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  await probe.chat.sends('/silent')
  await probe.chat.sees(/went wrong on our side/)
  release()
  await pause(300)
  expect(await Dialogue.countDocuments({ _id: new RegExp(`^${bot._id}:`), state: { $exists: true } })).toBe(0)
})

test('a state that was replaced meanwhile is not overwritten: the update is applied anew', async () => {
  let runs = 0
  const meddled = defineScene('meddled@1', async (talk) => {
    await talk.ask(said, { text: 'Name?' })
    await talk.effect('meddle', async () => {
      if (++runs === 1) await Dialogue.updateOne({ state: { $exists: true } }, { $inc: { version: 1 } })
    })
    await talk.say(said, { text: `run ${runs}` })
  })
  const inbox = { ...fleetTimes.inbox, retryPausesMs: [10, 10] }
  await using probe = await startProbe({ meddled }, { times: { ...fleetTimes, inbox } })
  await probe.chat.sends('/meddled')
  await probe.chat.sees('Name?')
  await probe.chat.sends('Ann')
  await probe.chat.sees('run 2')
  const begun = { id: 'begun', version: 0, state: null }
  expect(await Dialogue.replace({ ...begun, lastUpdate: '1' })).toBe(true)
  expect(await Dialogue.replace({ ...begun, lastUpdate: '2' })).toBe(false)
})

test('an update that fails three times is dead: the person is told, the intake goes on', async () => {
  let attempts = 0
  const broken = defineScene('broken@1', async (talk) => {
    await talk.effect('break', async () => {
      attempts++
      throw new Error('a bug')
    })
  })
  const inbox = { ...fleetTimes.inbox, retryPausesMs: [10, 10] }
  await using probe = await startProbe({ broken, form }, { times: { ...fleetTimes, inbox } })
  await probe.chat.sends('/broken')
  await probe.chat.sees(/went wrong on our side/)
  expect(attempts).toBe(3)
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  expect(await Update.dead(bot._id)).toBe(1)
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await probe.colony.admin.chat('metabot').sees(/could not handle a message/)
})

test('an update that processes keep dying of is dead in the end, one that was only under way is not', async () => {
  await using probe = await startProbe({ form })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  const { id } = probe.colony.admin.person
  const from = { id, is_bot: false, first_name: 'Alice' }
  const message = {
    message_id: 1,
    date: 1,
    chat: { id, type: 'private' as const, first_name: 'Alice' },
    from,
    text: '/form',
  }
  const begun = async (eventId: string, attempts: number) => {
    const [record] = await Update.store(bot._id, [
      { eventId, lane: String(id), payload: { update: { update_id: Number(eventId), message } } },
    ])
    await Update.updateOne({ _id: record?._id }, { $set: { attempts } })
  }
  await begun('9101', 10)
  await begun('9102', 4)
  changes.emit('inbox', String(bot._id))
  await probe.chat.sees(/went wrong on our side/)
  await probe.chat.sees('Name?')
  expect(await Update.dead(bot._id)).toBe(1)
})
