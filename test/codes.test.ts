import mongoose, { Types } from 'mongoose'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Code, type CodeRequested, codeRules } from '../models/code.ts'
import { openTestStore } from './test-store.ts'

const minuteMs = 60_000
const number = '998901234567'
let store: Awaited<ReturnType<typeof openTestStore>>
let persons = 0

beforeAll(async () => {
  store = await openTestStore()
})
afterEach(() => vi.useRealTimers())
afterAll(() => store.close())

/** Somebody new who talks to a new bot. */
function asker(requestId = 'first') {
  return { bot: new Types.ObjectId(), personId: ++persons, requestId, words: 'account:102', number }
}

function digitsOf(requested: CodeRequested): string {
  if (requested.outcome !== 'issued' || requested.digits === null) throw new Error(`No code: ${requested.outcome}`)
  return requested.digits
}

const otherThan = (digits: string) => String((Number(digits) + 1) % 1_000_000).padStart(6, '0')

function later(ms: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
}

test('the six digits are right once, and the same answer again', async () => {
  const asked = asker()
  const digits = digitsOf(await Code.request(asked))
  expect(digits).toMatch(/^\d{6}$/)
  expect(await Code.consume(asked, digits, 'answer')).toEqual({ outcome: 'right' })
  expect(await Code.consume(asked, digits, 'answer')).toEqual({ outcome: 'right' })
  expect(await Code.consume(asked, digits, 'another answer')).toEqual({ outcome: 'over' })
  expect(await Code.consume(asked, otherThan(digits), 'answer')).toEqual({ outcome: 'over' })
})

test('of twenty right answers at once one wins', async () => {
  const asked = asker()
  const digits = digitsOf(await Code.request(asked))
  const answers = Array.from({ length: 20 }, (_, n) => Code.consume(asked, digits, `answer ${n}`))
  const outcomes = (await Promise.all(answers)).map(({ outcome }) => outcome)
  expect(outcomes.filter((outcome) => outcome === 'right')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'over')).toHaveLength(19)
})

test('five wrong answers end a code, also when they come at once', async () => {
  const asked = asker()
  const digits = digitsOf(await Code.request(asked))
  const wrong = (n: number) => Code.consume(asked, otherThan(digits), `answer ${n}`)
  expect(await wrong(0)).toEqual({ outcome: 'wrong', triesLeft: 4 })
  const outcomes = (await Promise.all(Array.from({ length: 30 }, (_, n) => wrong(n)))).map(({ outcome }) => outcome)
  expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(3)
  expect(outcomes.filter((outcome) => outcome === 'no tries left')).toHaveLength(27)
  expect(await Code.consume(asked, digits, 'right, too late')).toEqual({ outcome: 'no tries left' })
})

test('a code is valid for ten minutes', async () => {
  const asked = asker()
  const digits = digitsOf(await Code.request(asked))
  const late = { ...asker(), number }
  const lateDigits = digitsOf(await Code.request(late))
  later(9 * minuteMs)
  expect(await Code.consume(asked, digits, 'in time')).toEqual({ outcome: 'right' })
  later(2 * minuteMs)
  expect(await Code.consume(late, lateDigits, 'too late')).toEqual({ outcome: 'over' })
})

test('a code is for its request, its person and its bot alone', async () => {
  const asked = asker()
  const digits = digitsOf(await Code.request(asked))
  for (const strange of [{ requestId: 'second' }, { personId: ++persons }, { bot: new Types.ObjectId() }])
    expect(await Code.consume({ ...asked, ...strange }, digits, 'answer')).toEqual({ outcome: 'over' })
  expect(await Code.consume(asked, digits, 'answer')).toEqual({ outcome: 'right' })
})

test('a new code replaces the last one, and the pause before the next grows', async () => {
  const asked = asker()
  const waits: number[] = []
  let last = await Code.request(asked)
  for (const requestId of ['second', 'third', 'fourth']) {
    if (last.outcome !== 'issued') throw new Error(last.by)
    waits.push(Math.round((last.askAgainAt.getTime() - Date.now()) / 1000))
    const tooSoon = await Code.request({ ...asked, requestId })
    expect(tooSoon).toMatchObject({ outcome: 'refused', by: 'pause', until: last.askAgainAt })
    later(last.askAgainAt.getTime() - Date.now() + 1)
    last = await Code.request({ ...asked, requestId })
  }
  expect(waits).toEqual([30, 60, 120])
  expect(await Code.consume({ ...asked, requestId: 'third' }, '000000', 'answer')).toEqual({ outcome: 'over' })
  const fourth = { ...asked, requestId: 'fourth' }
  expect(await Code.consume(fourth, digitsOf(last), 'answer')).toEqual({ outcome: 'right' })
  later(61 * minuteMs)
  const calm = await Code.request({ ...asked, requestId: 'fifth' })
  if (calm.outcome !== 'issued') throw new Error(calm.by)
  expect(Math.round((calm.askAgainAt.getTime() - Date.now()) / 1000)).toBe(30)
})

test('a request that is repeated after a crash makes a code at once, keeps its tries and counts no second SMS', async () => {
  const asked = asker()
  const rules = { ...codeRules, limits: { ...codeRules.limits, person: 1, number: 1 } }
  const lost = digitsOf(await Code.request(asked, rules))
  await Code.consume(asked, otherThan(lost), 'wrong', rules)
  const digits = digitsOf(await Code.request(asked, rules))
  expect(await Code.consume(asked, otherThan(digits), 'wrong too', rules)).toEqual({ outcome: 'wrong', triesLeft: 3 })
  expect(await Code.consume(asked, digits, 'right', rules)).toEqual({ outcome: 'right' })
})

test('of requests made at once by one person one gets a code', async () => {
  const asked = asker()
  const requests = Array.from({ length: 20 }, (_, n) => Code.request({ ...asked, requestId: `request ${n}` }))
  const outcomes = (await Promise.all(requests)).map(({ outcome }) => outcome)
  expect(outcomes.filter((outcome) => outcome === 'issued')).toHaveLength(1)
})

test('where nobody is known the answers are those to a wrong code', async () => {
  const known = asker()
  const unknown = { ...asker(), number: null }
  const digits = digitsOf(await Code.request(known))
  const nothing = await Code.request(unknown)
  expect(nothing).toMatchObject({ outcome: 'issued', digits: null, heldBy: null })
  for (const asked of [known, unknown]) {
    const again = await Code.request({ ...asked, requestId: 'too soon' })
    expect(again).toMatchObject({ outcome: 'refused', by: 'pause' })
  }
  for (let n = 0; n < 6; n++) {
    const told = await Code.consume(known, otherThan(digits), `answer ${n}`)
    expect(await Code.consume(unknown, otherThan(digits), `answer ${n}`)).toEqual(told)
  }
})

test('the same wish once more, too soon, may go on with the code that was sent; another wish may not', async () => {
  for (const asked of [asker(), { ...asker(), number: null }]) {
    await Code.request(asked)
    const again = (wish: object) => Code.request({ ...asked, requestId: 'second', ...wish })
    expect(await again({})).toMatchObject({ by: 'pause', living: 'first' })
    // Other words that lead to the same number, or to nobody either.
    expect(await again({ words: 'ann@example.com' })).toMatchObject({ by: 'pause', living: null })
    expect(await again({ number: '998907654321' })).toMatchObject({ by: 'pause', living: null })
  }
})

test('a code that was used, or has no tries left, serves no other request', async () => {
  const [used, spent] = [asker(), asker()]
  await Code.consume(used, digitsOf(await Code.request(used)), 'answer')
  const digits = digitsOf(await Code.request(spent))
  for (let n = 0; n < 5; n++) await Code.consume(spent, otherThan(digits), `answer ${n}`)
  for (const asked of [used, spent])
    expect(await Code.request({ ...asked, requestId: 'second' })).toMatchObject({ by: 'pause', living: null })
})

test('no code and no number stands in the store', async () => {
  const asked = asker()
  const digits = digitsOf(await Code.request(asked))
  await Code.consume(asked, otherThan(digits), 'answer')
  const stored = []
  for (const name of ['Code', 'SmsCount']) stored.push(...(await mongoose.model(name).find().lean()))
  const text = JSON.stringify(stored)
  expect(text).toContain(String(asked.bot))
  expect(text).not.toContain(number)
  expect(text).not.toContain(`"${digits}"`)
})
