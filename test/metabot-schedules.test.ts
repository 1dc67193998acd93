import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Colony, startColony } from '../chat-test.ts'
import { Bot } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Notification } from '../models/notification.ts'
import { Occurrence } from '../models/occurrence.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'

let colony: Colony
let metabot: PersonChat
let bot: PersonChat
beforeAll(async () => {
  colony = await startColony()
  metabot = colony.admin.chat('metabot')
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  bot = colony.user.chat('shop_bot')
  await bot.start()
  await bot.sees('Shop')
})
afterAll(() => colony.close())

async function openSchedules() {
  await metabot.sends('/bots')
  await metabot.presses('Shop')
  await metabot.presses('Scheduled')
}

async function beginNew(text: string) {
  await openSchedules()
  await metabot.presses('New')
  await metabot.sees('What shall the bot say?')
  await metabot.sends(text)
  await metabot.sees('To whom?')
}

const records = async () => {
  const { _id } = await Bot.named('sandbox', 'shop_bot').orFail()
  return Notification.find({ bot: _id, state: 'scheduled' }).lean()
}

test('asks for the time zone once, shows what it understood and how it will look, and schedules', async () => {
  await openSchedules()
  await metabot.sees('Nothing is scheduled')
  await metabot.presses('New')
  await metabot.sees('By whose clocks')
  await metabot.presses('Asia/Tashkent')
  await metabot.sees('What shall the bot say?')
  await metabot.sends('Good <morning>')
  await metabot.presses('Everybody')
  await metabot.presses('Every weekday 9:00')
  await metabot.sees('This is how it will look')
  await metabot.sees(/^Good <morning>$/)
  const { text } = await metabot.sees('I understood: every weekday at 09:00')
  expect(text).toMatch(/at 09:00 \(Asia\/Tashkent\), to everybody \(1 person now\)/)
  await metabot.presses('Schedule')
  await metabot.sees('It is scheduled')
  const card = await metabot.sees('For: everybody (1 person now)')
  expect(card.text).toContain('By: Alice')
  expect(await records()).toMatchObject([{ plan: { cron: '0 9 * * 1-5', timezone: 'Asia/Tashkent' }, fired: 0 }])
})

test('says it at once beside its plan, and tells what became of it', async () => {
  const [{ _id, nextAt } = { _id: '', nextAt: null }] = await records()
  await openSchedules()
  await metabot.presses('Good <morning>')
  await metabot.presses('Now')
  await bot.sees('Good <morning>')
  await expect.poll(() => Delivery.countDocuments({ notification: _id, state: 'sent' })).toBe(1)
  expect(await records()).toMatchObject([{ nextAt, fired: 0 }])
  expect(await Occurrence.countDocuments({ notification: _id, extra: true })).toBe(1)
  await openSchedules()
  await metabot.presses('Good <morning>')
  await metabot.sees(/Lately:\n.*1 recipient, sent 1/)
})

test('understands typed words, asks again when it does not, and finds one user', async () => {
  await beginNew('Your order is ready')
  await metabot.presses('One user')
  await metabot.sees('Type the user')
  await metabot.sends('nobody at all')
  await metabot.sees('knows nobody like that')
  await metabot.sends('Umid')
  await metabot.presses('Type it')
  await metabot.sends('some time')
  await metabot.sees('I do not understand this time')
  await metabot.sends('2020-01-01 10:00')
  await metabot.sees('This date has passed already')
  await metabot.sends('завтра в 18:30')
  const { text } = await metabot.sees('I understood')
  expect(text).toContain('18:30')
  expect(text).toContain('to Umid')
  await metabot.presses('No')
  await metabot.sees('Nothing is scheduled.')
  expect(await records()).toHaveLength(1)
})

test('takes words of the admin’s own beside the buttons too', async () => {
  await beginNew('Mind the gap')
  await metabot.presses('Everybody')
  await metabot.sees('When?')
  await metabot.sends('some time')
  await metabot.sees('I do not understand this time')
  await metabot.sends('tomorrow 18:30')
  expect((await metabot.sees('I understood')).text).toContain('18:30')
  await metabot.presses('No')
  await metabot.sees('Nothing is scheduled.')
})

test('says by itself what was scheduled, though nobody writes', async () => {
  await beginNew('In an hour')
  await metabot.presses('Everybody')
  await metabot.presses('In an hour')
  await metabot.sees('I understood: once')
  await metabot.presses('Schedule')
  await metabot.sees('It is scheduled')
  await Notification.updateOne({ 'content.text': 'In an hour' }, { nextAt: new Date(), armed: false })
  await bot.sees('In an hour')
})

test('cancels after asking, and a card of what is over says so', async () => {
  await openSchedules()
  await metabot.presses('Good <morning>')
  await metabot.presses('Cancel')
  await metabot.sees('Cancel this message?')
  await metabot.presses('Cancel')
  await metabot.sees('Nothing is scheduled.')
  expect(await records()).toEqual([])
})

test('changes the time zone by the name of a city', async () => {
  await openSchedules()
  await metabot.presses('Time zone: Asia/Tashkent')
  await metabot.presses('Another')
  await metabot.sends('Atlantis')
  await metabot.sees('I do not know this time zone')
  await metabot.sends('new york')
  await metabot.sees('those of America/New_York')
})
