import { Types } from 'mongoose'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { callingCode } from '../config/calling-code.ts'
import { Code, type CodeRequested, codeRules } from '../models/code.ts'
import { SmsCount, type SmsLimits, smsLimits } from '../models/sms-count.ts'
import { openTestStore } from './test-store.ts'

const patient = { ...codeRules, pausesMs: [0] }
const withLimits = (limits: Partial<SmsLimits>) => ({ ...patient, limits: { ...smsLimits, ...limits } })
let store: Awaited<ReturnType<typeof openTestStore>>

beforeAll(async () => {
  store = await openTestStore()
})
afterEach(() => vi.useRealTimers())
afterAll(() => store.close())

const numberOf = (n: number) => `99890${String(n).padStart(7, '0')}`
const leaves = (requested: CodeRequested) => requested.outcome === 'issued' && requested.digits !== null
const requestId = () => crypto.randomUUID()

/** Ten for each person; SMS_REQUESTS=10000 makes it the long run. */
const many = Number(process.env.SMS_REQUESTS ?? 500)

test(`of ${many} requests no SMS more than the limits say is sent`, { timeout: 60_000 + many * 100 }, async () => {
  const bot = new Types.ObjectId()
  const rules = withLimits({ person: 4, number: 6, prefix: 45, bot: 60 })
  const numbers = [...Array.from({ length: 20 }, (_, n) => numberOf(n)), '15551230001', '15551230002', '79990000001']
  const requests = Array.from({ length: many }, (_, n) => ({
    bot,
    personId: n % (many / 10),
    requestId: requestId(),
    words: 'account:102',
    number: numbers[n % numbers.length] as string,
  }))
  const sent: { personId: number; number: string }[] = []
  for (let at = 0; at < requests.length; at += 25) {
    const some = requests.slice(at, at + 25)
    const outcomes = await Promise.all(some.map((request) => Code.request(request, rules)))
    sent.push(...some.filter((_, n) => leaves(outcomes[n] as CodeRequested)))
  }
  const most = (of: (one: (typeof sent)[number]) => string | number) =>
    Math.max(...Object.values(Object.groupBy(sent, of)).map((group) => group?.length ?? 0))
  expect(most(({ personId }) => personId)).toBeLessThanOrEqual(4)
  expect(most(({ number }) => number)).toBeLessThanOrEqual(6)
  expect(most(({ number }) => callingCode(number))).toBe(45)
  expect(sent.length).toBeLessThanOrEqual(60)
  expect(await SmsCount.today(bot, rules.limits)).toMatchObject({ sent: sent.length, cap: 60 })
})

test('a number that has had enough gets no more, whoever asks, and the asker cannot tell', async () => {
  const bot = new Types.ObjectId()
  const rules = withLimits({ number: 2 })
  const ask = (personId: number, number: string) =>
    Code.request({ bot, personId, requestId: requestId(), words: 'account:102', number }, rules)
  expect(leaves(await ask(1, numberOf(1)))).toBe(true)
  expect(leaves(await ask(2, numberOf(1)))).toBe(true)
  expect(await ask(3, numberOf(1))).toMatchObject({ outcome: 'issued', digits: null, heldBy: 'number' })
  expect(leaves(await ask(3, numberOf(2)))).toBe(true)
})

test('a country prefix has its limit, and the countries that the bot is for their own', async () => {
  const bot = new Types.ObjectId()
  const rules = withLimits({ prefix: 1, prefixes: { 998: 3 } })
  const ask = (personId: number, number: string) =>
    Code.request({ bot, personId, requestId: requestId(), words: 'account:102', number }, rules)
  expect(leaves(await ask(1, '15551230001'))).toBe(true)
  expect(await ask(2, '15551230002')).toMatchObject({ digits: null, heldBy: 'prefix' })
  for (const n of [3, 4, 5]) expect(leaves(await ask(n, numberOf(n)))).toBe(true)
  expect(await ask(6, numberOf(6))).toMatchObject({ digits: null, heldBy: 'prefix' })
})

test('a person who has asked enough is told until when, known or not, and may ask on the next day', async () => {
  const bot = new Types.ObjectId()
  const rules = withLimits({ person: 2 })
  const ask = (number: string | null) =>
    Code.request({ bot, personId: 1, requestId: requestId(), words: 'account:102', number }, rules)
  await ask(numberOf(1))
  await ask(null)
  const until = SmsCount.dayEnd()
  for (const number of [numberOf(2), null])
    expect(await ask(number)).toMatchObject({ outcome: 'refused', by: 'person', until })
  vi.useFakeTimers({ toFake: ['Date'], now: until.getTime() + 60_000 })
  expect(leaves(await ask(numberOf(2)))).toBe(true)
})

test('the cap of a bot refuses everybody alike, can be read, and is told of once a day', async () => {
  const bot = new Types.ObjectId()
  const { limits, ...rules } = withLimits({ bot: 3 })
  const ask = (personId: number, number: string | null) =>
    Code.request({ bot, personId, requestId: requestId(), words: 'account:102', number }, { ...rules, limits })
  expect(await SmsCount.today(bot, limits)).toMatchObject({ sent: 0, cap: 3 })
  await Promise.all([1, 2].map((n) => ask(n, numberOf(n))))
  expect(await SmsCount.takeAlert(bot, limits)).toBe(false)
  await ask(3, numberOf(3))
  for (const number of [numberOf(4), null])
    expect(await ask(4, number)).toMatchObject({ outcome: 'refused', by: 'bot', until: SmsCount.dayEnd() })
  expect(await SmsCount.today(bot, limits)).toMatchObject({ sent: 3, cap: 3 })
  const alerts = await Promise.all(Array.from({ length: 5 }, () => SmsCount.takeAlert(bot, limits)))
  expect(alerts.filter(Boolean)).toHaveLength(1)
})

test('what was counted and not sent is given back', async () => {
  const bot = new Types.ObjectId()
  const rules = withLimits({ number: 1 })
  const ask = (personId: number) =>
    Code.request({ bot, personId, requestId: requestId(), words: 'account:102', number: numberOf(1) }, rules)
  await ask(1)
  await SmsCount.giveBack(bot, numberOf(1))
  expect(await SmsCount.today(bot)).toMatchObject({ sent: 0 })
  expect(leaves(await ask(2))).toBe(true)
  expect(leaves(await ask(3))).toBe(false)
})

test.each([
  ['998901234567', '998'],
  ['79187777777', '7'],
  ['15551234567', '1'],
  ['447911123456', '44'],
  ['380501234567', '380'],
  ['9996612345', '999'],
])('the country prefix of %s is %s', (digits, prefix) => {
  expect(callingCode(digits)).toBe(prefix)
})
