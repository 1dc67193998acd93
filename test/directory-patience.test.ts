import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Reply, startDirectory } from './directory-server.ts'

const ada = { json: { userId: 127, name: 'Ada' } }
const down: Reply = { status: 503 }
const long = 600_000

test.each<[string, Reply]>([
  ['500', { status: 500 }],
  ['502 with a page', { status: 502, text: '<html>' }],
  ['429', { status: 429 }],
  ['a dropped connection', { drop: 'before' }],
  ['an answer cut off', { ...ada, drop: 'midway' }],
])('a find is asked again after %s', async (_what, reply) => {
  await using system = await startDirectory((_heard, n) => (n < 2 ? reply : ada))
  expect(await system.open().find({ userId: '127' })).toMatchObject({ userId: '127' })
  expect(system.heard).toHaveLength(3)
})

test('a write is repeated under the same key when its answer was lost', async () => {
  await using system = await startDirectory((_heard, n) => (n === 0 ? { ...ada, drop: 'midway' } : ada))
  expect(await system.open().register({ firstname: 'Ada' }, 'register-7')).toEqual({ userId: '127' })
  expect(system.heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['register-7', 'register-7'])
  expect(system.heard[1]?.body).toEqual(system.heard[0]?.body)
})

test.each<[string, Reply]>([
  ['400', { status: 400 }],
  ['401', { status: 401 }],
  ['a page', { text: '<html>' }],
  ['a pause that is asked for and too long for a chat', { status: 503, headers: { 'retry-after': '60' } }],
])('nothing is asked again after %s', async (_what, reply) => {
  await using system = await startDirectory(() => reply)
  await expect(system.open().find({ userId: '127' })).rejects.toMatchObject({ name: 'DirectoryFailure' })
  expect(system.heard).toHaveLength(1)
})

test('the pauses grow, and are as long as the system asks', async () => {
  const times: number[] = []
  await using system = await startDirectory((_heard, n) => {
    times.push(performance.now())
    return n === 2 ? { status: 503, headers: { 'retry-after': '1' } } : n < 3 ? down : ada
  })
  await system.open({ attempts: 4, pauseMs: 100 }).find({ userId: '127' })
  const [first = 0, second = 0, third = 0] = times.slice(1).map((time, n) => time - (times[n] ?? 0))
  expect(first).toBeGreaterThanOrEqual(49)
  expect(second).toBeGreaterThanOrEqual(149)
  expect(third).toBeGreaterThanOrEqual(990)
})

test('after failures in a row nothing is sent for a time, and then one call sees whether it is over', async () => {
  let up = false
  await using system = await startDirectory(() => (up ? { ...ada, afterMs: 100 } : down))
  const directory = system.open({ attempts: 1, failures: 3, openMs: 1_000, cacheMs: 0 })
  const find = () => directory.find({ userId: '127' })
  for (const failures of [1, 2, 3]) {
    await expect(find()).rejects.toMatchObject({ asked: true })
    expect(directory.breaker).toMatchObject({ state: failures < 3 ? 'closed' : 'open', failures, last: 'failed' })
  }
  await expect(find()).rejects.toMatchObject({ kind: 'failed', detail: { status: 503 }, asked: false })
  expect(system.heard).toHaveLength(3)
  expect(directory.breaker.until?.getTime()).toBeLessThanOrEqual(Date.now() + 1_000)

  await expect.poll(() => directory.breaker.state, { timeout: 10_000 }).toBe('half-open')
  await expect(find()).rejects.toMatchObject({ asked: true })
  expect(directory.breaker.state).toBe('open')

  up = true
  await expect.poll(() => directory.breaker.state, { timeout: 10_000 }).toBe('half-open')
  const answers = await Promise.allSettled([find(), find(), find()])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(system.heard).toHaveLength(5)
  expect(directory.breaker).toEqual({ state: 'closed', failures: 0 })
})

test('retries end when the breaker opens', async () => {
  await using system = await startDirectory(() => down)
  const directory = system.open({ attempts: 10, failures: 4, openMs: long })
  await expect(directory.find({ userId: '127' })).rejects.toMatchObject({ asked: false })
  expect(system.heard).toHaveLength(4)
})

test('a system that answers at all is not down', async () => {
  const replies: Reply[] = [down, { status: 401 }, down, { text: '<html>' }, down, { status: 404 }]
  await using system = await startDirectory((_heard, n) => replies[n] ?? ada)
  const directory = system.open({ attempts: 1, failures: 2 })
  for (const _ of replies) await directory.find({ userId: '127' }).catch(() => {})
  expect(system.heard).toHaveLength(replies.length)
  expect(directory.breaker.state).toBe('closed')
})

test('a check asks past an open breaker, and closes it when the system is back', async () => {
  await using system = await startDirectory((_heard, n) => (n < 2 ? down : { status: 404 }))
  const directory = system.open({ attempts: 1, failures: 1, openMs: long })
  await expect(directory.find({ userId: '127' })).rejects.toMatchObject({ asked: true })
  expect(await directory.check()).toMatchObject({ ok: false })
  expect(directory.breaker.state).toBe('open')
  expect(await directory.check()).toMatchObject({ ok: true })
  expect(directory.breaker.state).toBe('closed')
})

test('an account that was found is remembered, for a time', async () => {
  await using system = await startDirectory(() => ada)
  const directory = system.open({ cacheMs: 1_000 })
  await directory.find({ phone: '+998 90 123-45-67' })
  expect(await directory.find({ phone: '998901234567' })).toMatchObject({ firstname: 'Ada' })
  expect(system.heard).toHaveLength(1)
  await directory.find({ userId: '127' })
  expect(system.heard).toHaveLength(2)
  await setTimeout(1_100)
  await directory.find({ userId: '127' })
  expect(system.heard).toHaveLength(3)
})

test('that nobody or several were found is not remembered', async () => {
  const replies: Reply[] = [{ status: 404 }, { json: [{ id: 1 }, { id: 2 }] }]
  await using system = await startDirectory((_heard, n) => replies[n] ?? ada)
  const directory = system.open({ cacheMs: long })
  const find = () => directory.find({ email: 'ada@example.com' })
  expect([await find(), await find(), await find()]).toMatchObject(['not found', 'several', { userId: '127' }])
})

test('what we write of an account, or are told of it, is asked for anew', async () => {
  await using system = await startDirectory(({ method }) => (method === 'GET' ? ada : { status: 204 }))
  const directory = system.open({ cacheMs: long })
  const acts = [
    () => directory.connectBot('127', 'a'),
    () => directory.disconnectBot('127', 'b'),
    () => directory.change('127', { firstname: 'Ada' }, 'c'),
    () => directory.forget('127'),
  ]
  for (const act of acts) {
    await directory.find({ email: 'ada@example.com' })
    await act()
    await directory.find({ email: 'ada@example.com' })
  }
  await directory.connectBot('128', 'd')
  await directory.find({ email: 'ada@example.com' })
  expect(system.heard.filter(({ method }) => method === 'GET')).toHaveLength(1 + acts.length)
})

test('a write that failed may have been done, so the account is asked for anew', async () => {
  await using system = await startDirectory(({ method }) => (method === 'GET' ? ada : { drop: 'before' }))
  const directory = system.open({ cacheMs: long, attempts: 1 })
  await directory.find({ userId: '127' })
  await expect(directory.change('127', { firstname: 'Ada' }, 'key')).rejects.toMatchObject({ kind: 'unreachable' })
  await directory.find({ userId: '127' })
  expect(system.heard.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET'])
})

test('an answer that was under way during a write is not remembered', async () => {
  await using system = await startDirectory(({ method }) => (method === 'GET' ? { ...ada, afterMs: 300 } : {}))
  const directory = system.open({ cacheMs: long })
  const early = directory.find({ userId: '127' })
  await expect.poll(() => system.heard.length).toBe(1)
  await directory.change('127', { firstname: 'Ada' }, 'key')
  await early
  await directory.find({ userId: '127' })
  expect(system.heard.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET'])
})
