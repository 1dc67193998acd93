import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../acts/pause.ts'
import { quietHoursIn, setQuietHours } from '../acts/quiet-hours.ts'
import { endOfQuiet } from '../delivery/quiet-hours.ts'
import { Delivery } from '../models/delivery.ts'
import { Person, type QuietHours } from '../models/person.ts'
import { deliveriesOf, finished, type TestBot, until } from './delivery-world.ts'
import { type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
beforeAll(async () => {
  world = await startHttpWorld()
})
afterAll(() => world.close())

const night = { from: '22:00', to: '08:00', timezone: 'Asia/Tashkent' }
const berlin = { from: '02:15', to: '02:45', timezone: 'Europe/Berlin' }

test.each<[string, QuietHours, string, string | undefined]>([
  ['before midnight', night, '2026-11-27T18:00:00Z', '2026-11-28T03:00:00.000Z'],
  ['after midnight', night, '2026-11-27T23:30:00Z', '2026-11-28T03:00:00.000Z'],
  ['at their first minute', night, '2026-11-27T17:00:00Z', '2026-11-28T03:00:00.000Z'],
  ['at their end', night, '2026-11-28T03:00:00Z', undefined],
  ['by day', night, '2026-11-27T09:00:00Z', undefined],
  [
    'by day, hours of the day',
    { ...night, from: '13:00', to: '15:30' },
    '2026-11-27T09:00:00Z',
    '2026-11-27T10:30:00.000Z',
  ],
  [
    'in the night to summer time',
    { ...berlin, from: '22:00', to: '07:00' },
    '2027-03-27T22:00:00Z',
    '2027-03-28T05:00:00.000Z',
  ],
  [
    'in the night to winter time',
    { ...berlin, from: '22:00', to: '07:00' },
    '2026-10-24T21:00:00Z',
    '2026-10-25T06:00:00.000Z',
  ],
  [
    'with an end that the clocks leave out',
    { ...berlin, from: '22:00', to: '02:30' },
    '2027-03-28T00:30:00Z',
    '2027-03-28T01:30:00.000Z',
  ],
  ['in hours that come twice, the first time', berlin, '2026-10-25T00:20:00Z', '2026-10-25T00:45:00.000Z'],
  ['in hours that come twice, the second time', berlin, '2026-10-25T01:20:00Z', undefined],
])('quiet hours end %s', (_when, hours, now, end) => {
  expect(endOfQuiet(hours, new Date(now))?.toISOString()).toBe(end)
})

test.each([
  ['22:00-8:00', '22:00', '08:00'],
  ['22 – 7.30', '22:00', '07:30'],
  ['from 23:15 to 6', '23:15', '06:00'],
  ['с 22 до 8', '22:00', '08:00'],
  ['10pm-8am', '22:00', '08:00'],
  ['from 10:30 p.m. to 12 am', '22:30', '00:00'],
  ['soat 22 dan 8 gacha', '22:00', '08:00'],
])('understands %j', (typed, from, to) => {
  expect(quietHoursIn(typed)).toEqual({ from, to })
})

test.each([
  'at night',
  '22',
  '8:00-8:00',
  '25:00-8:00',
  '22:00-8:75',
  '1-2-3',
  '10-8am',
  '13pm-8am',
  '10 вечера - 8',
  '2200-800',
])('does not understand %j', (typed) => {
  expect(() => quietHoursIn(typed)).toThrow('error.quietHoursMalformed')
})

/** All day but for a minute twelve hours away. */
const now = new Date()
const around = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString().slice(11, 16)
const quiet = { from: around(-700), to: around(700), timezone: 'UTC' }

async function asleep() {
  const bot = await world.newBot()
  const person = await bot.person('1')
  await Person.updateOne({ _id: person._id }, { quietHours: quiet })
  return { bot, person }
}

const held = (notificationId: string) =>
  until(async () => {
    const [delivery] = await deliveriesOf(notificationId)
    return delivery?.held ? delivery : undefined
  })

/** The morning comes for what waits in a bot. */
async function morning(bot: TestBot): Promise<void> {
  await Person.updateMany({ bot: bot.record._id }, { $unset: { quietHours: 1 } })
  await Delivery.updateMany({ bot: bot.record._id, held: 'quiet' }, { nextAt: new Date() })
}

test('defers what comes in quiet hours until they end, and lets critical messages and our own word through', async () => {
  const { bot, person } = await asleep()
  const dispatcher = bot.dispatch()
  const kept = await bot.say([person], 'an offer')
  const delivery = await held(kept.notificationId)
  await finished(await bot.say([person], 'fire', { critical: true }))
  await finished(await bot.say([person], 'your account', { own: true }))
  await dispatcher.stop()
  expect(delivery).toMatchObject({ state: 'queued', held: 'quiet', attempts: 0 })
  expect(delivery.expiresAt).toBeUndefined()
  expect(delivery.nextAt).toEqual(endOfQuiet(quiet, new Date()))
  expect(await bot.texts()).toEqual(['fire', 'your account'])
})

test('says together in the morning what came at night, in order, and the rest after it', async () => {
  const { bot, person } = await asleep()
  const dispatcher = bot.dispatch()
  const receipts = [
    await bot.say([person], 'one & all'),
    await bot.say([person], 'with a link', {
      content: { text: 'with a link', buttons: [[{ text: 'Open', url: 'https://example.com' }]] },
    }),
    await bot.say([person], '<b>two</b>', { content: { text: '<b>two</b>', format: 'html' } }),
    await bot.say([person], 'once', { once: true }),
  ]
  for (const { notificationId } of receipts) await held(notificationId)
  await dispatcher.stop()
  await morning(bot)
  const next = bot.dispatch()
  for (const receipt of receipts) expect(await finished(receipt)).toMatchObject([{ state: 'sent' }])
  await next.stop()
  expect(await bot.texts()).toEqual([
    '2 messages came during your quiet hours\n\none & all\n\ntwo',
    'with a link',
    'once',
  ])
})

test('a single message of the night comes as it is', async () => {
  const { bot, person } = await asleep()
  const dispatcher = bot.dispatch()
  const receipt = await bot.say([person], 'alone')
  await held(receipt.notificationId)
  await morning(bot)
  expect(await finished(receipt)).toMatchObject([{ state: 'sent' }])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['alone'])
})

test('what expires at night is not said in the morning', async () => {
  const { bot, person } = await asleep()
  const dispatcher = bot.dispatch()
  const receipt = await bot.say([person], 'tonight only', { expiresAt: new Date(Date.now() + 700) })
  expect((await held(receipt.notificationId)).nextAt).toEqual(
    (await deliveriesOf(receipt.notificationId))[0]?.expiresAt,
  )
  expect(await finished(receipt)).toMatchObject([{ state: 'expired' }])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual([])
})

test('who ends the quiet hours gets at once what waited, and who has paused meanwhile does not', async () => {
  const { bot, person } = await asleep()
  const dispatcher = bot.dispatch()
  const first = await bot.say([person], 'first')
  await held(first.notificationId)
  await setQuietHours(bot.record, person.personId, null)
  expect(await finished(first)).toMatchObject([{ state: 'sent' }])
  await setQuietHours(bot.record, person.personId, quiet)
  const second = await bot.say([person], 'second')
  await held(second.notificationId)
  await pause(bot.record, [person.personId], new Date(Date.now() + 3_600_000), { system: true })
  await setQuietHours(bot.record, person.personId, null)
  await until(async () => ((await held(second.notificationId)).held === 'pause' ? true : undefined))
  await dispatcher.stop()
  expect((await bot.texts()).filter((text) => !text.includes('I send you nothing'))).toEqual(['first'])
})
