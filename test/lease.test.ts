import { setTimeout as pause } from 'node:timers/promises'
import { Types } from 'mongoose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LeaseHold } from '../fleet/lease-hold.ts'
import { Lease } from '../models/lease.ts'
import { openTestStore } from './test-store.ts'

const times = { lastsMs: 400, marginMs: 100, renewEveryMs: 100 }
let store: Awaited<ReturnType<typeof openTestStore>>

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

test('one of many takers gets a lease', async () => {
  const bot = new Types.ObjectId()
  const holds = await Promise.all(
    Array.from({ length: 20 }, (_, n) => LeaseHold.take(bot, `process ${n}`, times, false)),
  )
  expect(holds.filter(Boolean)).toHaveLength(1)
})

test('a renewed lease lasts longer, and is not taken over', async () => {
  const bot = new Types.ObjectId()
  const lasting = { ...times, lastsMs: 10_000 }
  const first = await LeaseHold.take(bot, 'first', lasting, false)
  const { until } = await Lease.findById(bot).orFail()
  expect(await first?.renew()).toBe(true)
  expect((await Lease.findById(bot).orFail()).until.getTime()).toBeGreaterThan(until.getTime())
  expect(await LeaseHold.take(bot, 'second', lasting, false)).toBeUndefined()
  expect(await Lease.held([String(bot), String(new Types.ObjectId())])).toEqual(new Set([String(bot)]))
})

test('an ended lease is taken over with a higher epoch, and its holder learns that it is lost', async () => {
  const bot = new Types.ObjectId()
  const first = await LeaseHold.take(bot, 'first', times, false)
  await pause(times.lastsMs + 50)
  const second = await LeaseHold.take(bot, 'second', times, false)
  expect(second?.epoch).toBe((first?.epoch ?? 0) + 1)
  expect(first?.lost.aborted).toBe(false)
  expect(await first?.renew()).toBe(false)
  expect(first?.lost.aborted).toBe(true)
})

test('a holder that cannot renew is unsure before anybody else may hold', async () => {
  const bot = new Types.ObjectId()
  const hold = await LeaseHold.take(bot, 'first', times, false)
  expect(hold?.isSure()).toBe(true)
  await pause(times.lastsMs - times.marginMs + 10)
  expect(hold?.isSure()).toBe(false)
})

test('a released lease is free at once', async () => {
  const bot = new Types.ObjectId()
  const hold = await LeaseHold.take(bot, 'first', times, false)
  await hold?.release()
  expect(hold?.isSure()).toBe(false)
  await pause(5)
  expect(await LeaseHold.take(bot, 'second', times, false)).toBeDefined()
})

test('a store that serves nobody else takes every lease at once', async () => {
  const bot = new Types.ObjectId()
  await LeaseHold.take(bot, 'dead', times, false)
  expect(await LeaseHold.take(bot, 'next', times, true)).toBeDefined()
})

test('the end of a lease is by the clock of the database', async () => {
  const bot = new Types.ObjectId()
  await LeaseHold.take(bot, 'first', times, false)
  const { until } = await Lease.findById(bot).orFail()
  expect(Math.abs(until.getTime() - Date.now() - times.lastsMs)).toBeLessThan(2_000)
})
