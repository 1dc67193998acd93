import { mongo } from 'mongoose'
import { expect, test } from 'vitest'
import { cronIn, timezoneIn } from '../acts/cron-line.ts'
import type { ApiResponse, ChannelEvent } from '../channels/channel.ts'
import { createLogger } from '../config/logger.ts'
import { type Intake, poll } from '../fleet/intake.ts'
import { untilNextLook } from '../fleet/next-look.ts'
import { nextLook } from '../models/intake.ts'

const log = createLogger('silent')
const bot = new mongo.ObjectId('0123456789abcdef01234567') as never
const neighbour = new mongo.ObjectId('0123456789abcdef01234568') as never
const forever = new AbortController().signal

test('seconds are counted from the epoch: a restart moves nothing, and bots of one period do not look together', () => {
  const every = { by: 'seconds', seconds: 60 } as const
  const first = nextLook(every, bot, new Date('2026-11-27T10:00:00Z'))
  expect(nextLook(every, bot, new Date(first.getTime() - 1))).toEqual(first)
  expect(nextLook(every, bot, first).getTime() - first.getTime()).toBe(60_000)
  expect(nextLook(every, neighbour, new Date(first.getTime() - 60_000))).not.toEqual(first)
})

test('a cron line is meant by the clocks of its zone, in summer and in winter', () => {
  const nine = { by: 'cron', cron: '0 9 * * *', timezone: 'Europe/Berlin' } as const
  const next = (after: string) => nextLook(nine, bot, new Date(after)).toISOString()
  expect(next('2027-03-27T12:00:00Z')).toBe('2027-03-28T07:00:00.000Z')
  expect(next('2027-10-30T12:00:00Z')).toBe('2027-10-31T08:00:00.000Z')
})

test('only lines are taken that mean one thing', () => {
  expect(cronIn('  */5  8-18 * *   1-5 ')).toBe('*/5 8-18 * * 1-5')
  expect(cronIn('0 0 L * *')).toBe('0 0 L * *')
  for (const line of [
    '',
    '@hourly',
    '* * * * * *',
    '61 * * * *',
    '0 22-2 * * *',
    'H * * * *',
    '0 0 31 2 *',
    '0 9 13 * 5',
  ])
    expect(() => cronIn(line), line).toThrow(/error\.cron/)
  expect(timezoneIn('europe/moscow')).toBe('Europe/Moscow')
  for (const zone of ['', 'Moon/Sea', '+03:00']) expect(() => timezoneIn(zone), zone).toThrow('error.timezoneUnknown')
})

test('a cron rings at its time, once, and not after it was called off', async () => {
  // With seconds, which no admin can give, for a test does not wait a minute.
  const everySecond = { by: 'cron', cron: '* * * * * *', timezone: 'Asia/Tashkent' } as const
  const rung: number[] = []
  for (let n = 0; n < 2; n++) {
    await untilNextLook(everySecond, bot, log, forever)
    rung.push(Math.round(Date.now() / 1000))
  }
  expect(new Set(rung).size).toBe(2)
  const off = new AbortController()
  const yearly = untilNextLook({ ...everySecond, cron: '0 0 1 1 *' }, bot, log, off.signal)
  off.abort()
  await yearly
})

test('a look takes all that waits, stores each part before it confirms it, and bears failures', async () => {
  const events = (...ids: number[]): ChannelEvent[] =>
    ids.map((id) => ({ eventId: `${id}`, update: { update_id: id } }))
  const answers: ApiResponse<{ events: ChannelEvent[]; next: number }>[] = [
    { ok: false, error_code: 502, description: 'Bad Gateway' },
    { ok: true, result: { events: events(1, 2), next: 3 } },
    { ok: true, result: { events: events(3), next: 4 } },
    { ok: true, result: { events: events(3), next: 4 } },
    { ok: true, result: { events: [], next: 4 } },
  ]
  const seen: string[] = []
  let storeIsDown = true
  const intake: Intake = {
    poll: async (after, _signal, patience) => {
      seen.push(`ask ${after} ${patience}`)
      return answers.shift() ?? { ok: true, result: { events: [], next: after } }
    },
    store: async (batch) => {
      seen.push(`store ${batch.map(({ eventId }) => eventId)}`)
      if (batch[0]?.eventId === '3' && storeIsDown) {
        storeIsDown = false
        throw new Error('a blip of the store')
      }
    },
    onAnswer: () => {},
    onFailure: ({ description }) => seen.push(description),
    onConflict: async () => false,
    log,
    times: { firstPauseMs: 1, longestPauseMs: 1, conflictPatienceMs: 1 },
  }
  expect(await poll(intake, forever, 'empty')).toBe('empty')
  const asked = ['ask 0 none', 'Bad Gateway', 'ask 0 none', 'store 1,2', 'ask 3 none', 'store 3']
  expect(seen).toEqual([...asked, 'ask 3 none', 'store 3', 'ask 4 none'])
})
