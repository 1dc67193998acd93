import { expect, test } from 'vitest'
import { nextDate, objectionToPlan, turnOf } from '../delivery/plan.ts'
import type { Plan } from '../models/notification.ts'

const berlin = (cron: string, more: { until?: Date; times?: number } = {}): Plan => ({
  cron,
  timezone: 'Europe/Berlin',
  ...more,
})
const at = (iso: string) => new Date(iso)

function dates(plan: Plan, after: string, count: number): string[] {
  const found: string[] = []
  for (let date = at(after), n = 0; n < count; n++) {
    const next = nextDate(plan, { after: date, fired: n })
    if (!next) return found
    found.push(next.toISOString().slice(5, 16))
    date = next
  }
  return found
}

test('nine in the morning stays nine in the morning when the clocks change', () => {
  expect(dates(berlin('0 9 * * *'), '2027-03-26T12:00Z', 3)).toEqual(['03-27T08:00', '03-28T07:00', '03-29T07:00'])
  expect(dates(berlin('0 9 * * *'), '2027-10-29T12:00Z', 3)).toEqual(['10-30T07:00', '10-31T08:00', '11-01T08:00'])
})

test('a time that the clocks leave out in spring comes an hour later, one that they show twice in autumn comes once', () => {
  expect(dates(berlin('30 2 * * *'), '2027-03-27T00:00Z', 3)).toEqual(['03-27T01:30', '03-28T01:30', '03-29T00:30'])
  expect(dates(berlin('30 2 * * *'), '2027-10-30T00:00Z', 3)).toEqual(['10-30T00:30', '10-31T00:30', '11-01T01:30'])
})

test('several times of the hour that the clocks leave out come an hour later each', () => {
  const left = ['03-28T01:00', '03-28T01:15', '03-28T01:30', '03-28T01:45', '03-29T00:00']
  expect(dates(berlin('*/15 2 * * *'), '2027-03-27T12:00Z', 5)).toEqual(left)
  const plan: Plan = { cron: '5,35 2 * * *', timezone: 'America/New_York' }
  expect(dates(plan, '2027-03-14T00:00Z', 3)).toEqual(['03-14T07:05', '03-14T07:35', '03-15T06:05'])
})

test('a line that comes every half hour goes on through both changes', () => {
  const spring = ['03-28T00:30', '03-28T01:00', '03-28T01:30']
  expect(dates(berlin('*/30 * * * *'), '2027-03-28T00:15Z', 3)).toEqual(spring)
  const autumn = ['10-31T00:30', '10-31T01:00', '10-31T01:30', '10-31T02:00']
  expect(dates(berlin('*/30 * * * *'), '2027-10-31T00:15Z', 4)).toEqual(autumn)
})

test('the last date is that of `until` itself, or the one of so many `times`', () => {
  const daily = berlin('0 9 * * *', { until: at('2027-01-03T08:00Z') })
  expect(dates(daily, '2027-01-01T00:00Z', 9)).toEqual(['01-01T08:00', '01-02T08:00', '01-03T08:00'])
  expect(dates(berlin('0 9 * * *', { times: 2 }), '2027-01-01T00:00Z', 9)).toEqual(['01-01T08:00', '01-02T08:00'])
})

test('a single date fires however late, and then it is over', () => {
  const plan = { at: at('2027-01-01T00:00Z') }
  expect(turnOf(plan, { dueAt: plan.at, fired: 0, now: at('2027-02-01T00:00Z') })).toEqual({ fires: plan.at })
})

test('of a cron line only the latest date fires, if it is less than an hour late; what nobody heard is told', () => {
  const turn = (plan: Plan, now: string) => turnOf(plan, { dueAt: at('2027-01-01T08:00Z'), fired: 3, now: at(now) })
  const daily = berlin('0 9 * * *')
  expect(turn(daily, '2027-01-01T08:00:01Z')).toEqual({
    fires: at('2027-01-01T08:00Z'),
    next: at('2027-01-02T08:00Z'),
  })
  expect(turn(daily, '2027-01-01T08:59Z')).toMatchObject({ fires: at('2027-01-01T08:00Z') })
  expect(turn(daily, '2027-01-01T09:00Z')).toEqual({
    missed: { from: at('2027-01-01T08:00Z'), until: at('2027-01-01T09:00Z') },
    next: at('2027-01-02T08:00Z'),
  })
  expect(turn(berlin('*/10 * * * *'), '2027-01-01T11:25Z')).toEqual({
    missed: { from: at('2027-01-01T08:00Z'), until: at('2027-01-01T11:20Z') },
    fires: at('2027-01-01T11:20Z'),
    next: at('2027-01-01T11:30Z'),
  })
})

test('a month down, then up: the date of this hour fires once, and the plan goes on', () => {
  const daily = { dueAt: at('2027-01-01T08:00Z'), fired: 5 }
  const back = turnOf(berlin('0 9 * * *'), { ...daily, now: at('2027-02-01T08:30Z') })
  expect(back).toEqual({
    missed: { from: daily.dueAt, until: at('2027-02-01T08:00Z') },
    fires: at('2027-02-01T08:00Z'),
    next: at('2027-02-02T08:00Z'),
  })
  const over = berlin('0 9 * * *', { until: at('2027-01-20T08:00Z') })
  const now = at('2027-02-01T08:30Z')
  expect(turnOf(over, { ...daily, now })).toEqual({ missed: { from: daily.dueAt, until: now } })
})

test('a date that fires late is counted, a missed one is not', () => {
  const twice = berlin('0 9 * * *', { times: 2 })
  const dueAt = at('2027-01-01T08:00Z')
  expect(turnOf(twice, { dueAt, fired: 1, now: at('2027-01-01T08:30Z') })).toEqual({ fires: dueAt })
  expect(turnOf(twice, { dueAt, fired: 1, now: at('2027-01-01T12:00Z') })).toMatchObject({
    next: at('2027-01-02T08:00Z'),
  })
})

test.each([
  ['5'],
  ['* * * * * *'],
  [''],
  ['@daily'],
  ['61 * * * *'],
  ['H 9 * * *'],
  ['0 9 30 2 *'],
  ['five past nine, on weekdays'],
  ['*/0 * * * *'],
])('refuses %j as a cron line', (cron) => {
  expect(objectionToPlan(berlin(cron))).toMatchObject({
    field: 'cron',
    message: expect.stringContaining('five fields'),
  })
})

test.each(['0 9 * * 1-5', '*/5 8-18 * jan,jul MON', '0 9 L * *', '30 9 * * thu', '0 9 * * 1#2'])('takes %j', (cron) => {
  expect(objectionToPlan(berlin(cron))).toBeUndefined()
})

test.each(['Mars/Base', 'Europe/Berlinn', '', 'Australia/Lord_Howe'])('refuses %j as a zone', (timezone) => {
  expect(objectionToPlan({ cron: '0 9 * * *', timezone })).toMatchObject({ field: 'timezone' })
})
