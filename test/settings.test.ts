import { expect, test } from 'vitest'
import { readSettings } from '../config/settings.ts'

test('nothing needs to be set', () => {
  expect(readSettings({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    sandbox: true,
    sandboxPort: 8081,
    defaultLocale: 'en',
  })
})

test('an empty value counts as not set', () => {
  expect(readSettings({ PORT: '', METABOT_TOKEN: '' })).toMatchObject({ port: 3000, sandbox: true })
})

test('with a token the sandbox is off, unless it is asked for', () => {
  const METABOT_TOKEN = '123456:AAE-a-token-of-the-usual-length-here'
  expect(readSettings({ METABOT_TOKEN }).sandbox).toBe(false)
  expect(readSettings({ METABOT_TOKEN, SANDBOX: 'on' }).sandbox).toBe(true)
  expect(readSettings({ METABOT_TOKEN, SANDBOX_URL: 'http://127.0.0.1:8081/' })).toMatchObject({
    sandbox: true,
    sandboxUrl: 'http://127.0.0.1:8081',
  })
  const both = { METABOT_TOKEN, SANDBOX: 'off', SANDBOX_URL: 'http://127.0.0.1:8081' }
  expect(() => readSettings(both)).toThrow(/SANDBOX_URL.*SANDBOX=off/)
})

test.each([
  [{ PORT: 'abc' }, /PORT/],
  [{ PORT: '70000' }, /PORT/],
  [{ PORT: '0x10' }, /PORT/],
  [{ PORT: '8081' }, /SANDBOX_PORT.*same as PORT/],
  [{ METABOT_TOKEN: 'x' }, /METABOT_TOKEN.*@BotFather/],
  [{ SANDBOX: 'maybe' }, /SANDBOX/],
  [{ SANDBOX: 'off' }, /METABOT_TOKEN.*SANDBOX=on/],
  [{ MONGODB_URI: 'mongodb://127.0.0.1' }, /SECRET_KEY.*openssl/],
  [{ STORE_PASSWORD: 'short' }, /STORE_PASSWORD.*16/],
  [{ STORE_PASSWORD: 'with spaces in its middle' }, /STORE_PASSWORD.*without spaces/],
  [{ STORE_PORT: 'high' }, /STORE_PORT/],
  [{ DIRECTORY_PORT: '99999' }, /DIRECTORY_PORT/],
  [{ DIRECTORY_PORT: '8081' }, /DIRECTORY_PORT.*same as SANDBOX_PORT/],
  [{ SANDBOX_URL: '127.0.0.1:8081' }, /SANDBOX_URL.*http/],
  [{ SECRET_KEY: 'short' }, /SECRET_KEY.*32/],
  [{ DEFAULT_LOCALE: 'fr' }, /DEFAULT_LOCALE/],
  [{ PUBLIC_URL: 'example' }, /PUBLIC_URL/],
  [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
])('a wrong setting is named with its remedy, on one line: %o', (env, told) => {
  expect(() => readSettings(env)).toThrow(told)
  expect(() => readSettings(env)).toThrow(/^[^\n]+$/)
})
