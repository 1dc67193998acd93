import { expect, test } from 'vitest'
import { samePhone } from '../directory/phone.ts'
import { startDirectory, token } from './directory-server.ts'

const pushkin = {
  userId: '127',
  firstname: 'Александр',
  lastname: 'Пушкин',
  middlename: 'Сергеевич',
  role: 'user',
  active: true,
  phone: '79187777777',
  email: 'address@domain.ru',
  location: { country: 'Россия', region: 'Ставропольский край', city: 'Ставрополь' },
}

/** The seed's example. */
const asTheSystemSays = {
  userId: 127,
  surname: 'Пушкин',
  name: 'Александр',
  patronymic: 'Сергеевич',
  role: 'user',
  isActive: true,
  phone: '79187777777',
  email: 'address@domain.ru',
  location: { country: 'Россия', region: 'Ставропольский край', city: 'Ставрополь' },
}
const { name, surname, patronymic, isActive, userId, ...same } = asTheSystemSays

test.each([
  ['the spelling of the seed’s answers', asTheSystemSays],
  [
    'the spelling of the seed’s requests',
    { ...same, userId, firstname: name, lastname: surname, middlename: patronymic, active: isActive },
  ],
  [
    'other letter case and underscores',
    { ...same, id: '127', first_name: name, LastName: surname, middleName: patronymic, is_active: 1 },
  ],
  ['a phone as people write it', { ...asTheSystemSays, phone: '+7 (918) 777-77-77' }],
  ['a phone as a number', { ...asTheSystemSays, phone: 79187777777 }],
  ['a field that we do not know', { ...asTheSystemSays, passport: '0000', success: true }],
  ['an empty field beside one that is not', { ...asTheSystemSays, firstname: '', lastname: null }],
  ['a list of one', [asTheSystemSays]],
  ['a list that names one account twice', [asTheSystemSays, asTheSystemSays]],
])('an account is read from %s', async (_spelling, json) => {
  await using system = await startDirectory(() => ({ json }))
  expect(await system.open().find({ userId: '127' })).toEqual(pushkin)
})

test('what the system leaves out is left out, and the account counts as active', async () => {
  await using system = await startDirectory(() => ({ json: { id: 5, patronymic: null, location: 'Tashkent' } }))
  expect(await system.open().find({ userId: '5' })).toEqual({ userId: '5', active: true })
})

test.each([[false], [0], ['0'], ['false']])('an account that is switched off by %j is not active', async (isActive) => {
  await using system = await startDirectory(() => ({ json: { userId: 5, isActive } }))
  expect(await system.open().find({ userId: '5' })).toMatchObject({ active: false })
})

test('each question travels in the query with the token, a phone as digits', async () => {
  await using system = await startDirectory(() => ({ status: 404 }))
  const directory = system.open()
  await directory.find({ userId: ' A&b=1 ' })
  await directory.find({ email: 'ada+bot@example.com' })
  await directory.find({ phone: '+998 (90) 123-45-67' })
  expect(system.heard.map(({ query }) => query)).toEqual([
    { userId: 'A&b=1' },
    { email: 'ada+bot@example.com' },
    { phone: '998901234567' },
  ])
  expect(system.heard.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(3).fill('GET /api/user'))
  expect(system.heard[0]?.headers).toMatchObject({ authorization: `Bearer ${token}`, accept: 'application/json' })
})

test.each([
  ['404', { status: 404, json: { error: 'no user' } }],
  ['404 as a page', { status: 404, text: '<html>' }],
  ['an empty body', {}],
  ['no content', { status: 204 }],
  ['null', { json: null }],
  ['{}', { json: {} }],
  ['[]', { json: [] }],
  ['success: false', { json: { success: false, message: 'Пользователь не найден' } }],
])('%s is nobody', async (_answer, reply) => {
  await using system = await startDirectory(() => reply)
  expect(await system.open().find({ userId: '127' })).toBe('not found')
})

test('two accounts are several', async () => {
  await using system = await startDirectory(() => ({ json: [asTheSystemSays, { id: 128 }] }))
  expect(await system.open().find({ phone: '79187777777' })).toBe('several')
})

test('a question without a value is not asked, since anybody might be the answer', async () => {
  await using system = await startDirectory(() => ({ json: asTheSystemSays }))
  const directory = system.open()
  for (const by of [{ userId: ' ' }, { email: '' }, { phone: '+' }]) expect(await directory.find(by)).toBe('not found')
  expect(system.heard).toEqual([])
})

test('paths, methods and the header may be others', async () => {
  await using system = await startDirectory(() => ({ json: [] }))
  const calls = { find: { method: 'POST', path: '/v2/search?kind=user' } }
  await system.open({}, { header: 'X-Api-Key', calls }).find({ userId: '5' })
  const [heard] = system.heard
  expect(heard).toMatchObject({
    method: 'POST',
    path: '/api/v2/search',
    query: { kind: 'user' },
    body: { userId: '5' },
  })
  expect(heard?.headers).toMatchObject({ 'x-api-key': token })
  expect(heard?.headers).not.toHaveProperty('authorization')
})

test('phones are one when their digits are', () => {
  expect(samePhone('+7 918 777-77-77', '79187777777')).toBe(true)
  expect(samePhone('79187777777', '79187777778')).toBe(false)
  expect(samePhone('none', '')).toBe(false)
})
