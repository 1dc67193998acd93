import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { measureStoreClock, newId, storeTime } from '../models/store-clock.ts'
import { openTestStore } from './test-store.ts'

const hourMs = 3_600_000
let store: Awaited<ReturnType<typeof openTestStore>>

beforeAll(async () => {
  store = await openTestStore()
})
afterEach(() => vi.useRealTimers())
afterAll(() => store.close())

test('a clock that is right stays as it is, whatever the measurement takes', async () => {
  const measured = measureStoreClock()
  for (const end = Date.now() + 100; Date.now() < end; );
  await measured
  expect(Math.abs(storeTime().getTime() - Date.now())).toBeLessThanOrEqual(1)
})

test.each([hourMs, -hourMs])('a process whose clock is %d ms off goes by the clock of the store', async (off) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + off })
  await measureStoreClock()
  const [time, id] = [storeTime(), newId()]
  vi.useRealTimers()
  for (const told of [time, id.getTimestamp()]) expect(Math.abs(told.getTime() - Date.now())).toBeLessThan(60_000)
  await measureStoreClock()
  expect(Math.abs(storeTime().getTime() - Date.now())).toBeLessThan(60_000)
})
