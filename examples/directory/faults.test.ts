import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { DirectoryProcess, token } from './directory-process.ts'

let directory: DirectoryProcess

beforeAll(async () => {
  directory = await DirectoryProcess.start()
})
afterEach(() => directory.call('DELETE /faults'))
afterAll(() => directory?.close())

const ask = 'GET /user?userId=127'
const connect = 'POST /user/connect-bot'

test('answers late', async () => {
  await directory.call('PUT /faults', { delay_ms: 300 })
  const start = performance.now()
  expect((await directory.call(ask)).body.userId).toBe(127)
  expect(performance.now() - start).toBeGreaterThan(290)
})

test('fails as often as it is told to, and does nothing then', async () => {
  await directory.call('PUT /faults', { status: 503, times: 2, calls: [connect] })
  expect(await directory.call(ask)).toMatchObject({ status: 200 })
  expect(await directory.call(connect, { userId: 130 })).toMatchObject({ status: 503, body: { success: false } })
  expect(await directory.call(connect, { userId: 130 })).toMatchObject({ status: 503 })
  expect(await connected('Anna')).toBe(false)
  expect(await directory.call(connect, { userId: 130 })).toMatchObject({ status: 200 })
  expect(await connected('Anna')).toBe(true)
})

test('answers with a page, with half of its JSON, with what it was given', async () => {
  await directory.call('PUT /faults', { answer: 'html', status: 502 })
  const page = await plain(ask)
  expect(page.status).toBe(502)
  expect(page.headers.get('content-type')).toMatch('text/html')
  await directory.call('PUT /faults', { answer: 'broken-json' })
  const half = await plain(ask)
  expect(half.status).toBe(200)
  await expect(half.json()).rejects.toThrow(SyntaxError)
  await directory.call('PUT /faults', { body: null })
  expect(await directory.call(ask)).toEqual({ status: 200, body: null })
})

test('cuts the connection before or after a call is carried out', async () => {
  await directory.call('PUT /faults', { answer: 'drop' })
  await expect(directory.call(connect, { userId: 131 })).rejects.toThrow('fetch failed')
  expect(await connected('Pavel')).toBe(false)
  await directory.call('PUT /faults', { answer: 'lost' })
  await expect(directory.call(connect, { userId: 131 })).rejects.toThrow('fetch failed')
  expect(await connected('Pavel')).toBe(true)
})

test('meets a share of the calls', async () => {
  await directory.call('PUT /faults', { status: 500, share: 0.5 })
  const answers = await Promise.all(Array.from({ length: 200 }, () => directory.call(ask)))
  const failed = answers.filter(({ status }) => status === 500)
  expect(failed.length).toBeGreaterThan(40)
  expect(failed.length).toBeLessThan(160)
})

test('refuses a fault that cannot be, and keeps the one it has', async () => {
  await directory.call('PUT /faults', { delay_ms: 1 })
  for (const fault of [{ share: 2 }, { answer: 'maybe' }, { sleep: 1 }, { times: 0 }, { calls: [] }, { status: 42 }])
    expect(await directory.call('PUT /faults', fault)).toMatchObject({
      status: 422,
      body: { field: Object.keys(fault)[0] },
    })
  expect((await directory.call('GET /faults')).body).toEqual({ delay_ms: 1 })
})

test('counts the calls of bots by their outcome', async () => {
  const fresh = await DirectoryProcess.start()
  await fresh.call(ask)
  await fresh.call('GET /user?userId=5')
  await fresh.call(ask, undefined, { authorization: '' })
  for (const [call, fault] of [
    [ask, { answer: 'drop', times: 1 }],
    [ask, { status: 500, times: 1 }],
    [connect, { answer: 'lost', times: 1 }],
  ] as const) {
    await fresh.call('PUT /faults', fault)
    await fresh.call(call, call === connect ? { userId: 127 } : undefined).catch(() => undefined)
  }
  await fresh.call(connect, { userId: 127 })
  expect((await fresh.call('GET /counters')).body).toEqual({
    'GET /user': { ok: 1, 404: 1, 401: 1, dropped: 1, 500: 1 },
    'POST /user/connect-bot': { lost: 1, ok: 1 },
  })
  await fresh.close()
})

async function connected(name: string): Promise<boolean> {
  const [person] = (await directory.call(`GET /admin/people?q=${name}`)).body.people
  return person.connectedAt !== null
}

function plain(call: string): Promise<Response> {
  return fetch(directory.url + call.replace('GET ', ''), { headers: { authorization: `Bearer ${token}` } })
}
