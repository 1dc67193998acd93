import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runProcess, startProcess } from './rookery-process.ts'

// Several starts of the whole process a test, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** Starts in vain; answers the one line that is said about it. */
async function refusal(env: Record<string, string>, args = ['start']): Promise<string> {
  const { code, output, log } = await runProcess({ dir, env, args })
  expect({ code, output }).toEqual({ code: 1, output: '' })
  expect(log).toMatch(/^[^\n]+\n$/)
  return log
}

test('a wrong setting stops the start with its name and the remedy', async () => {
  expect(await refusal({ PORT: 'abc' })).toMatch(/^PORT: .* such as 3000/)
  expect(await refusal({ DEFAULT_LOCALE: 'fr' })).toMatch(/^DEFAULT_LOCALE: .*"en"\|"ru"\|"uz"/)
  expect(await refusal({ METABOT_TOKEN: 'x' })).toMatch(/^METABOT_TOKEN: .*@BotFather/)
  expect(await refusal({ MONGODB_URI: 'mongodb://127.0.0.1' })).toMatch(/^SECRET_KEY: .*openssl rand/)
})

test('a place where the data cannot be stops the start', async () => {
  expect(await refusal({ DATA_DIR: import.meta.filename })).toMatch(/^DATA_DIR: .*; set DATA_DIR to a folder/)
})

test('an address that the machine does not have, and a kind that is not there, stop the start', async () => {
  expect(await refusal({ HOST: '203.0.113.7' })).toMatch(/^HOST: .*; set HOST to 127\.0\.0\.1/)
  expect(await refusal({}, ['start', './none.ts'])).toMatch(/^\.\/none\.ts: there is no such file/)
  expect(await refusal({}, ['begin'])).toMatch(/"begin"; known: start .*, claim/)
})

test.each(['PORT', 'SANDBOX_PORT'])('a %s that is taken stops the start', async (setting) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  expect(await refusal({ [setting]: `${port}` })).toMatch(
    new RegExp(`^${setting}: port ${port} is taken .*; set ${setting} to a free one`),
  )
  other.close()
})

test('a second process on one data folder is refused, and leaves the first alone', async () => {
  const first = await startProcess({ dir })
  expect(await refusal({})).toMatch(/^DATA_DIR: .*in use by another process; stop that one/)
  expect((await fetch(`${first.url}/readyz`)).ok).toBe(true)
  expect(await first.stop()).toBe(0)
})
