import { expect, test } from 'vitest'
import { startDirectory } from './directory-server.ts'

const ada = { firstname: 'Ada', email: 'ада@почта.рф', phone: '+998 90 123-45-67', location: { city: 'Tashkent' } }

test('a registration sends what is known, with the phone as digits, and answers the new user', async () => {
  await using system = await startDirectory(() => ({ json: { userId: 1177 } }))
  expect(await system.open().register({ ...ada, middlename: undefined }, 'register-7')).toEqual({ userId: '1177' })
  expect(system.heard).toMatchObject([{ method: 'POST', path: '/api/user' }])
  expect(system.heard[0]?.body).toEqual({ ...ada, phone: '998901234567' })
  expect(system.heard[0]?.headers).toMatchObject({
    'idempotency-key': 'register-7',
    'content-type': 'application/json',
  })
})

test.each([
  ['422 with a field', { status: 422, json: { field: 'surname', message: 'Too short' } }, 'lastname'],
  ['a list of errors', { status: 400, json: { errors: [{ field: 'phone', message: 'Too short' }] } }, 'phone'],
  ['messages by field', { status: 409, json: { message: 'Invalid', errors: { Email: ['Too short'] } } }, 'email'],
  ['a part of a field', { status: 422, json: { field: 'location.city', message: 'Too short' } }, 'location'],
  ['success: false', { json: { success: false, message: 'Too short' } }, undefined],
  ['a field that we do not send', { json: { success: false, field: 'inn', message: 'Too short' } }, undefined],
])('data that are not taken come back with the reason, told by %s', async (_way, reply, field) => {
  await using system = await startDirectory(() => reply)
  const rejected = { message: 'Too short', ...(field && { field }) }
  const directory = system.open()
  expect(await directory.register(ada, 'key')).toEqual({ rejected })
  expect(await directory.change('5', ada, 'key')).toEqual({ rejected })
  expect(system.heard).toHaveLength(2)
})

test('connecting, disconnecting and changing tell whose account it is', async () => {
  await using system = await startDirectory(() => ({ json: { success: true } }))
  const directory = system.open()
  expect(await directory.connectBot('127', 'a')).toBe('done')
  expect(await directory.disconnectBot('127', 'b')).toBe('done')
  expect(await directory.change('127', { email: 'ada@example.com' }, 'c')).toBe('done')
  expect(system.heard.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['POST', '/api/user/connect-bot', { userId: '127' }],
    ['POST', '/api/user/disconnect-bot', { userId: '127' }],
    ['PATCH', '/api/user', { userId: '127', email: 'ada@example.com' }],
  ])
  expect(system.heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['a', 'b', 'c'])
})

test('an empty answer to a write is a success', async () => {
  await using system = await startDirectory(() => ({ status: 204 }))
  expect(await system.open().connectBot('127', 'key')).toBe('done')
})

test.each([
  ['404', { status: 404, json: {} }],
  ['success: false', { json: { success: false, message: 'Пользователь не найден' } }],
])('%s tells that the account is gone', async (_answer, reply) => {
  await using system = await startDirectory(() => reply)
  const directory = system.open()
  expect(await directory.connectBot('127', 'key')).toBe('not found')
  expect(await directory.disconnectBot('127', 'key')).toBe('not found')
})

test.each([
  ['405', { status: 405 }],
  ['501', { status: 501 }],
  ['a page with 404', { status: 404, text: '<h1>Not Found</h1>' }],
])('%s tells that there is no such call', async (_answer, reply) => {
  await using system = await startDirectory(() => reply)
  const directory = system.open()
  expect(await directory.disconnectBot('127', 'key')).toBe('not offered')
  expect(await directory.change('127', ada, 'key')).toBe('not offered')
  // This one a system must have.
  await expect(directory.connectBot('127', 'key')).rejects.toMatchObject({ name: 'DirectoryFailure' })
  expect(system.heard).toHaveLength(3)
})

test('a call that is set to be absent is not made', async () => {
  await using system = await startDirectory(() => ({}))
  const directory = system.open({}, { calls: { disconnectBot: null, change: null } })
  expect(await directory.disconnectBot('127', 'key')).toBe('not offered')
  expect(await directory.change('127', ada, 'key')).toBe('not offered')
  expect(system.heard).toEqual([])
})
