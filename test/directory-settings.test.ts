import { expect, test } from 'vitest'
import { directorySettings } from '../directory/settings.ts'

const least = { baseUrl: 'https://erp.example.com/api/', token: 'secret' }

test('a base URL and a token are enough', () => {
  expect(directorySettings.parse(least)).toEqual({
    baseUrl: 'https://erp.example.com/api',
    token: 'secret',
    header: 'Authorization',
    timeoutMs: 5_000,
    calls: {
      find: { method: 'GET', path: '/user' },
      register: { method: 'POST', path: '/user' },
      connectBot: { method: 'POST', path: '/user/connect-bot' },
      disconnectBot: { method: 'POST', path: '/user/disconnect-bot' },
      change: { method: 'PATCH', path: '/user' },
    },
  })
})

test('one part of a call may be set, the rest stays usual', () => {
  const { calls } = directorySettings.parse({ ...least, calls: { find: { path: '/find' }, change: null } })
  expect(calls).toMatchObject({ find: { method: 'GET', path: '/find' }, change: null, register: { method: 'POST' } })
})

test.each([
  ['baseUrl', { baseUrl: 'erp.example.com' }],
  ['baseUrl', { baseUrl: 'ftp://erp.example.com' }],
  ['baseUrl', { baseUrl: 'https://ann:word@erp.example.com' }],
  ['baseUrl', { baseUrl: 'https://erp.example.com/?key=1' }],
  ['token', { token: '' }],
  ['token', { token: 'two\nlines' }],
  ['token', { token: 'токен' }],
  ['header', { header: 'X Key' }],
  ['header', { header: 'Content-Type' }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['timeoutMs', { timeoutMs: 15_001 }],
  ['calls', { calls: { find: { path: 'user' } } }],
  ['calls', { calls: { find: { method: 'DELETE' } } }],
  ['calls', { calls: { register: { method: 'GET' } } }],
  ['calls', { calls: { connectBot: null } }],
])('a wrong %s is refused: %j', (field, wrong) => {
  const { error } = directorySettings.safeParse({ ...least, ...wrong })
  expect(error?.issues.map(({ path: [first] }) => first)).toEqual([field])
  expect(error?.message).not.toContain('secret')
})
