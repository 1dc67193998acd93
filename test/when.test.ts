import { expect, test } from 'vitest'
import { instantOf, zoneNamed } from '../config/time-zone.ts'
import type { Plan } from '../models/notification.ts'
import { planInWords } from '../scenes/plan-in-words.ts'
import { planIn } from '../scenes/when.ts'

/** Friday, 27 November 2026, 10:30 in Tashkent. */
const clock = { zone: 'Asia/Tashkent', now: new Date('2026-11-27T05:30:00Z') }
const shown = (plan: Plan | undefined) => plan && ('at' in plan ? plan.at.toISOString().slice(0, 16) : plan.cron)

test.each([
  ['in 2 hours', '2026-11-27T07:30'],
  ['In an hour', '2026-11-27T06:30'],
  ['in 45 minutes', '2026-11-27T06:15'],
  ['in 3 days', '2026-11-30T05:30'],
  ['tomorrow 18:30', '2026-11-28T13:30'],
  ['tomorrow at 6pm', '2026-11-28T13:00'],
  ['tomorrow', '2026-11-28T04:00'],
  ['9:00', '2026-11-28T04:00'],
  ['5', '2026-11-28T00:00'],
  ['11:00', '2026-11-27T06:00'],
  ['today 23:05', '2026-11-27T18:05'],
  ['friday 9:00', '2026-12-04T04:00'],
  ['18:30 on Monday', '2026-11-30T13:30'],
  ['2026-12-01 10:00', '2026-12-01T05:00'],
  ['1.12.2026 10:00', '2026-12-01T05:00'],
  ['01.12 10:00', '2026-12-01T05:00'],
  ['1.02 10:00', '2027-02-01T05:00'],
  ['2026-12-01', '2026-12-01T04:00'],
  ['every monday 9:00', '0 9 * * 1'],
  ['every weekday at 9:00', '0 9 * * 1-5'],
  ['every day 18.30', '30 18 * * *'],
  ['on sundays 7:05', '5 7 * * 7'],
  ['every hour', '0 * * * *'],
  ['every 5 minutes', '*/5 * * * *'],
  ['every 6 hours', '0 */6 * * *'],
  ['on weekends 10:00', '0 10 * * 6,7'],
  ['in an hour and a half', '2026-11-27T07:00'],
  ['29.02 10:00', '2028-02-29T05:00'],
  ['2026-12-01T10:00:00Z', '2026-12-01T10:00'],
  ['2026-12-01T10:00+03:00', '2026-12-01T07:00'],
  ['*/5 8-18 * * 1-5', '*/5 8-18 * * 1-5'],
])('understands %j', (typed, plan) => {
  expect(shown(planIn(typed, clock))).toBe(plan)
})

test.each([
  ['через 2 часа', '2026-11-27T07:30'],
  ['Через час', '2026-11-27T06:30'],
  ['через полчаса', '2026-11-27T06:00'],
  ['через полтора часа', '2026-11-27T07:00'],
  ['каждые 15 минут', '*/15 * * * *'],
  ['по выходным в 10:00', '0 10 * * 6,7'],
  ['завтра в 18:30', '2026-11-28T13:30'],
  ['послезавтра 9:00', '2026-11-29T04:00'],
  ['во вторник в 9:00', '2026-12-01T04:00'],
  ['каждый понедельник 9:00', '0 9 * * 1'],
  ['по пятницам в 17:00', '0 17 * * 5'],
  ['по будням в 9:00', '0 9 * * 1-5'],
  ['каждый день в 8', '0 8 * * *'],
])('understands %j in Russian', (typed, plan) => {
  expect(shown(planIn(typed, clock))).toBe(plan)
})

test.each([
  ['2 soatdan keyin', '2026-11-27T07:30'],
  ['yarim soatdan so‘ng', '2026-11-27T06:00'],
  ['ertaga 18:30', '2026-11-28T13:30'],
  ['ertaga soat 18:30 da', '2026-11-28T13:30'],
  ['dushanba kuni 9:00', '2026-11-30T04:00'],
  ['har dushanba 9:00', '0 9 * * 1'],
  ['har 10 daqiqada', '*/10 * * * *'],
  ['dam olish kunlari 10:00', '0 10 * * 6,7'],
  ['ish kunlari 9:00', '0 9 * * 1-5'],
  ['har kuni soat 9:00 da', '0 9 * * *'],
])('understands %j in Uzbek', (typed, plan) => {
  expect(shown(planIn(typed, clock))).toBe(plan)
})

test.each([
  '',
  'every 7 minutes',
  'every 0 minutes',
  'soon',
  'tomorrow 25:00',
  '31.02.2027 10:00',
  'every monday or tuesday 9:00',
  'in two ticks',
  '61 * * * *',
])('does not guess at %j', (typed) => {
  expect(planIn(typed, clock)).toBeUndefined()
})

test('goes by the clocks of the zone on the days when they change', () => {
  const berlin = (day: number, month: number, hour: number, minute: number) =>
    instantOf('Europe/Berlin', { year: 2027, month, day, hour, minute }).toISOString().slice(5, 16)
  expect(berlin(28, 3, 9, 0)).toBe('03-28T07:00')
  expect(berlin(28, 3, 1, 30)).toBe('03-28T00:30')
  expect(berlin(28, 3, 2, 30)).toBe('03-28T01:30')
  expect(berlin(31, 10, 2, 30)).toBe('10-31T00:30')
  expect(berlin(31, 10, 3, 30)).toBe('10-31T02:30')
  expect(berlin(31, 10, 9, 0)).toBe('10-31T08:00')
})

test('knows a zone by its city', () => {
  expect(['tashkent', 'New York', 'europe/berlin', 'UTC', 'Mars'].map(zoneNamed)).toEqual([
    'Asia/Tashkent',
    'America/New_York',
    'Europe/Berlin',
    'UTC',
    undefined,
  ])
})

test('puts a plan into words that it would understand', () => {
  const said = (cron: string) => planInWords('en', { cron, timezone: 'UTC' }, 'UTC')
  expect([said('0 9 * * 1-5'), said('5 7 * * 7'), said('30 18 * * *'), said('0 * * * *'), said('0 9 1 * *')]).toEqual([
    'every weekday at 09:00',
    'every Sunday at 07:05',
    'every day at 18:30',
    'every hour',
    'by the line 0 9 1 * *',
  ])
  expect(planIn(said('5 7 * * 7'), clock)).toMatchObject({ cron: '5 7 * * 7' })
  expect(planInWords('ru', { cron: '0 9 * * 2', timezone: 'UTC', times: 3 }, 'UTC')).toBe(
    'еженедельно, вторник в 09:00, всего 3 раза',
  )
})
