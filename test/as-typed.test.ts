import { expect, test } from 'vitest'
import { questionsIn } from '../acts/find-account.ts'
import { isProof } from '../bots/skills/accounts/confidential.ts'
import { dateInWords } from '../config/date-in-words.ts'
import { t } from '../config/i18n.ts'
import { locales } from '../config/locales.ts'
import { email } from '../directory/account-data.ts'
import type { BotRecord } from '../models/bot.ts'
import { pauseUntil } from '../scenes/pause-until.ts'

test.each([
  ['\u202a+999 55 123-45-67\u202c', '999551234567'],
  ['+７９１８７７７７７７７', '79187777777'],
  ['tel:+7-918-777-77-77', '79187777777'],
  ['+7 918 777-77-77 доб. 5', '79187777777'],
  ['+7 918 777-77-77 (ext. 12)', '79187777777'],
  ['+7\u00a0918\u00a0777‑77‑77', '79187777777'],
])('finds a phone in %j', (typed, phone) => {
  expect(questionsIn(typed, 'RU')).toEqual([{ phone }])
})

test.each([
  ['127\u200f', [{ userId: '127' }]],
  ['a@b.c,', [{ email: 'a@b.c' }]],
  ['mailto:ann@example.com', [{ email: 'ann@example.com' }]],
  ['+7 918 777 77 77\n127', [{ userId: '+7 918 777 77 77\n127' }]],
])('asks for what %j means', (typed, questions) => {
  expect(questionsIn(typed, 'RU')).toEqual(questions)
})

const russian = { locale: 'ru' } as BotRecord
const uzbek = { locale: 'uz' } as BotRecord

test.each([
  ['123 456', uzbek],
  ['12 34 56', uzbek],
  ['123456', uzbek],
  ['1234-5678', uzbek],
  ['code 123456', uzbek],
  ['мой код: 123 456', uzbek],
  ['kalitim 1234 5678', uzbek],
  ['8 918 777 77 77', russian],
  ['90 123 45 67', uzbek],
])('takes %j for a proof', (text, bot) => {
  expect(isProof(text, bot)).toBe(true)
})

test.each(['See you at seven', 'order 123456', '2026-11-27', '100 000 000 000', 'code review at 10', '12:30', '1 500'])(
  'takes %j for no proof',
  (text) => {
    expect(isProof(text, uzbek)).toBe(false)
  },
)

test.each([
  ['bad@mail', false],
  ['a@b.c,', false],
  ['a@.c', false],
  ['анна@почта.рф', true],
  ['ann.b@mail.example.com', true],
])('the e-mail %j is one: %j', (typed, isOne) => {
  expect(email.safeParse(typed).success).toBe(isOne)
})

/** Friday, 27 November 2026, 10:30 in Tashkent. */
const clock = { zone: 'Asia/Tashkent', now: new Date('2026-11-27T05:30:00Z') }

test.each([
  ['до понедельника 9:00', '2026-11-30T04:00'],
  ['до понедельника', '2026-11-30T04:00'],
  ['до пятницы', '2026-12-04T04:00'],
  ['до 1 декабря', '2026-12-01T04:00'],
  ['до 1 декабря 2026 г. 18:30', '2026-12-01T13:30'],
  ['2h', '2026-11-27T07:30'],
  ['30m', '2026-11-27T06:00'],
  ['3d', '2026-11-30T05:30'],
  ['for 1w', '2026-12-04T05:30'],
  ['2ч', '2026-11-27T07:30'],
  ['на 3д', '2026-11-30T05:30'],
  ['2 soatga', '2026-11-27T07:30'],
  ['ertagacha', '2026-11-28T04:00'],
  ['dushanbagacha', '2026-11-30T04:00'],
  ['1-dekabrgacha', '2026-12-01T04:00'],
  ['until monday', '2026-11-30T04:00'],
  ['until December 1', '2026-12-01T04:00'],
  ['till the 1st of december 6pm', '2026-12-01T13:00'],
])('a pause %j has an end', (typed, end) => {
  expect(pauseUntil(typed, clock).toISOString().slice(0, 16)).toBe(end)
})

test.each(locales)('the examples for a pause are understood (%s)', (locale) => {
  const texts = [t(locale, 'error.durationUnknown'), t(locale, 'pause.ask', { zone: 'UTC' })]
  const examples = texts.flatMap((text) => [...text.matchAll(/[«“](.+?)[»”]/g)].map(([, example = '']) => example))
  expect(examples.length).toBeGreaterThan(5)
  for (const example of examples) expect(pauseUntil(example, clock) > clock.now, example).toBe(true)
})

test('a date reads right after the word for until', () => {
  const at = new Date('2026-11-27T04:00:00Z')
  expect(dateInWords('ru', at, 'Asia/Tashkent')).toBe('27 ноября 2026 г. (пятница), 09:00')
  expect(dateInWords('uz', at, 'Asia/Tashkent')).toMatch(/^27-noyabr,? 2026 \(juma\), 09:00$/)
})
