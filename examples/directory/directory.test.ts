import { mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DirectoryProcess, token } from './directory-process.ts'

let directory: DirectoryProcess

beforeAll(async () => {
  directory = await DirectoryProcess.start({ env: { DEMO_PHONES: '+999551234567,+999557654321' } })
})
afterAll(() => directory?.close())

test('answers with a person in the spelling of the specification', async () => {
  expect(await directory.call('GET /user?userId=127')).toEqual({
    status: 200,
    body: {
      userId: 127,
      surname: 'Пушкин',
      name: 'Александр',
      patronymic: 'Сергеевич',
      role: 'user',
      isActive: true,
      phone: '79187777777',
      email: 'address@domain.ru',
      location: { country: 'Россия', region: 'Ставропольский край', city: 'Ставрополь' },
    },
  })
})

test('finds by e-mail in any letter case and by the digits of a phone', async () => {
  expect((await directory.call('GET /user?email=Address@Domain.RU')).body.userId).toBe(127)
  expect((await directory.call('GET /user?phone=%2B7%20(918)%20777-77-77')).body.userId).toBe(127)
})

test('knows the demo people by the phones that it was given', async () => {
  expect((await directory.call('GET /user?phone=999551234567')).body).toMatchObject({ name: 'Alice', role: 'manager' })
  expect((await directory.call('GET /user?phone=999557654321')).body).toMatchObject({ name: 'Umid', role: 'user' })
  expect((await directory.call('GET /user?userId=128')).body.phone).toBeNull()
  expect((await directory.call('GET /user?userId=129')).body.isActive).toBe(false)
})

test('answers with a list where two people share an e-mail', async () => {
  const { body } = await directory.call('GET /user?email=family@example.com')
  expect(body.map(({ name }: { name: string }) => name)).toEqual(['Anna', 'Pavel'])
})

test('says that nobody was found, that the question is none, that the token is wrong', async () => {
  expect(await directory.call('GET /user?userId=5')).toMatchObject({ status: 404, body: { success: false } })
  expect(await directory.call('GET /user?phone=%2B')).toMatchObject({ status: 404 })
  expect(await directory.call('GET /user')).toMatchObject({ status: 422, body: { errorCode: 422 } })
  expect(await directory.call('GET /user?userId=127&phone=7')).toMatchObject({ status: 422 })
  const wrong = { authorization: `Bearer ${token}x` }
  expect(await directory.call('GET /user?userId=127', undefined, wrong)).toMatchObject({ status: 401 })
  expect(await directory.call('GET /users')).toMatchObject({ status: 404 })
})

test('registers a person, once for one Idempotency-Key', async () => {
  const vera = {
    firstname: 'Vera',
    lastname: 'Lind',
    role: null,
    phone: '+999 55 500 00 01',
    location: { city: 'Oslo' },
  }
  const key = { 'idempotency-key': 'registration-1' }
  const answers = await Promise.all([1, 2, 3].map(() => directory.call('POST /user', vera, key)))
  const { userId } = answers[0]?.body ?? {}
  expect(answers).toEqual(Array(3).fill({ status: 200, body: { userId } }))
  expect((await directory.call(`GET /user?userId=${userId}`)).body).toMatchObject({
    name: 'Vera',
    surname: 'Lind',
    patronymic: null,
    role: 'user',
    phone: '999555000001',
    location: { country: null, region: null, city: 'Oslo' },
  })
  const other = await directory.call('POST /user', { ...vera, firstname: 'Eva' }, key)
  expect(other).toMatchObject({ status: 422, body: { field: 'Idempotency-Key' } })
  expect(await directory.call('POST /user', vera)).toMatchObject({ status: 409, body: { field: 'phone' } })
})

test.each([
  ['firstname', { phone: '999555000002' }],
  ['phone', { firstname: 'Vera' }],
  ['phone', { firstname: 'Vera', phone: '12' }],
  ['email', { firstname: 'Vera', email: 'vera' }],
  ['location', { firstname: 'Vera', phone: '999555000002', location: 'Oslo' }],
])('names the field %s of a registration that cannot be', async (field, person) => {
  expect(await directory.call('POST /user', person)).toMatchObject({ status: 422, body: { success: false, field } })
})

test('refuses a body that is no JSON object, and one too long', async () => {
  const post = (body: string) =>
    fetch(`${directory.url}/user`, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } })
  expect((await post('{')).status).toBe(400)
  expect((await post('[]')).status).toBe(400)
  expect((await post(' '.repeat(100_001))).status).toBe(413)
})

test('changes what was sent of a person and empties what was sent empty', async () => {
  const changes = { userId: '131', email: 'pavel@example.com', lastname: '', phone: '+999 55 500 00 03' }
  const changed = { userId: 131, name: 'Pavel', surname: null, email: 'pavel@example.com', phone: '999555000003' }
  expect(await directory.call('PATCH /user', changes)).toMatchObject({ status: 200, body: changed })
  expect((await directory.call('GET /user?email=family@example.com')).body).toMatchObject({ userId: 130 })
  const taken = await directory.call('PATCH /user', { userId: 131, phone: '79187777777' })
  expect(taken).toMatchObject({ status: 409, body: { field: 'phone' } })
  const promoted = await directory.call('PATCH /user', { userId: 131, role: 'manager' })
  expect(promoted).toMatchObject({ status: 422, body: { field: 'role' } })
  expect(await directory.call('PATCH /user', { userId: 5, lastname: 'X' })).toMatchObject({ status: 404 })
})

test('keeps who is connected', async () => {
  const connectedAt = async () =>
    (await directory.call('GET /admin/people?q=Nina')).body.people[0].connectedAt as string | null
  expect(await directory.call('POST /user/connect-bot', { userId: 128 })).toEqual({
    status: 200,
    body: { success: true },
  })
  const first = await connectedAt()
  expect(Date.parse(String(first))).toBeGreaterThan(0)
  expect(await directory.call('POST /user/connect-bot', { userId: '128' })).toMatchObject({ status: 200 })
  expect(await connectedAt()).toBe(first)
  expect(await directory.call('POST /user/disconnect-bot', { userId: 128 })).toMatchObject({ status: 200 })
  expect(await connectedAt()).toBeNull()
  expect(await directory.call('POST /user/connect-bot', { userId: 5 })).toMatchObject({ status: 404 })
  expect(await directory.call('POST /user/connect-bot', {})).toMatchObject({ status: 422, body: { field: 'userId' } })
})

test('after a kill it knows all that it answered, the keys too, and gives no id twice', async () => {
  const first = await DirectoryProcess.start()
  const key = { 'idempotency-key': 'k' }
  const ivan = { firstname: 'Ivan', phone: '999555000009' }
  const { userId } = (await first.call('POST /user', ivan, key)).body
  await first.call('POST /user/connect-bot', { userId: 102 })
  await first.call('POST /admin/person/delete', { userId })
  await first.stop('SIGKILL')

  const again = await DirectoryProcess.start({ dir: first.dir })
  expect((await again.call('GET /admin/people?q=102')).body.people[0].connectedAt).not.toBeNull()
  expect((await again.call('POST /user', ivan, key)).body).toEqual({ userId })
  expect((await again.call('POST /user', ivan)).body.userId).toBeGreaterThan(userId)
  await again.close()
})

test('reads people written by hand, and leaves a file alone that it cannot read', async () => {
  const first = await DirectoryProcess.start()
  await first.stop()
  const file = join(first.dir, 'directory', 'people.json')
  await writeFile(file, JSON.stringify({ people: [{ userId: 5000, firstname: 'Zoe' }] }))
  const again = await DirectoryProcess.start({ dir: first.dir })
  expect((await again.call('GET /user?userId=5000')).body).toMatchObject({ name: 'Zoe', role: 'user', isActive: true })
  expect((await again.call('POST /user', { firstname: 'Y', email: 'y@example.com' })).body).toEqual({ userId: 5001 })
  await again.stop()
  await writeFile(file, '{ "people"')
  await expect(DirectoryProcess.start({ dir: first.dir })).rejects.toThrow(
    /people\.json is no list of people: mend it, or delete it/,
  )
  expect(await readFile(file, 'utf8')).toBe('{ "people"')
  await rm(first.dir, { recursive: true })
})

test('keeps what many changed at once', async () => {
  const first = await DirectoryProcess.start()
  const register = (n: number) => first.call('POST /user', { firstname: `P${n}`, email: `p${n}@example.com` })
  const ids = (await Promise.all(Array.from({ length: 100 }, (_, n) => register(n)))).map(({ body }) => body.userId)
  await first.stop('SIGKILL')
  expect(new Set(ids).size).toBe(100)
  const again = await DirectoryProcess.start({ dir: first.dir })
  expect((await again.call('GET /admin/people?q=@example.com')).body.total).toBe(106)
  expect((await again.call(`GET /user?email=p42@example.com`)).body.userId).toBe(ids[42])
  await again.close()
})

test('answers no success for a change that it cannot write', async () => {
  const first = await DirectoryProcess.start()
  await mkdir(join(first.dir, 'directory', 'people.json.new'))
  const ivan = { firstname: 'Ivan', email: 'ivan@example.com' }
  expect(await first.call('POST /user', ivan)).toMatchObject({ status: 500, body: { success: false } })
  expect(await first.call('GET /user?email=ivan@example.com')).toMatchObject({ status: 500 })
  await first.stop()
  await rmdir(join(first.dir, 'directory', 'people.json.new'))
  const again = await DirectoryProcess.start({ dir: first.dir })
  expect(await again.call('GET /user?email=ivan@example.com')).toMatchObject({ status: 404 })
  expect(await again.call('POST /user', ivan)).toMatchObject({ status: 200 })
  await again.close()
})

test('ends cleanly when it is told to, also while a call waits, and when its parent is gone', async () => {
  const first = await DirectoryProcess.start()
  await first.call('PUT /faults', { delay_ms: 600_000, times: 2 })
  const waiting = first.call('GET /user?userId=127').catch((error: Error) => error)
  await expect.poll(async () => (await first.call('GET /faults')).body).toMatchObject({ times: 1 })
  expect(await first.stop()).toBe(0)
  expect(await waiting).toBeInstanceOf(Error)

  const orphan = await DirectoryProcess.start({ dir: first.dir })
  expect(await orphan.leave()).toBe(0)
  await expect(stat(join(first.dir, 'directory', 'people.json.new'))).rejects.toThrow('ENOENT')
  await rm(first.dir, { recursive: true })
})
