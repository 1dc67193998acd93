import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { directoryOf } from '../acts/bot-directory.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { createLogger } from '../config/logger.ts'
import { Bot } from '../models/bot.ts'
import { sandboxPlan, settle } from '../servers.ts'
import { type RookeryProcess, runProcess, startProcess } from './rookery-process.ts'

// Several starts of the whole process a test, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const log = createLogger('silent')
const DEMO_DIRECTORY = 'on'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** What a bot of the sandbox learns of the people of the sandbox, by their phones. */
async function namesByPhone({ admin, user }: Colony): Promise<unknown[]> {
  const directory = await directoryOf(await Bot.named('sandbox', 'metabot').orFail(), log)
  const found = await Promise.all([admin, user].map(({ person }) => directory?.find({ phone: person.phone.slice(1) })))
  return found.map((one) => (typeof one === 'object' ? one.firstname : one))
}

test('a bot of the sandbox finds the people of the sandbox in the directory, with no settings made', async () => {
  await using colony = await startColony({ directory: true, dir })
  expect(await namesByPhone(colony)).toEqual(['Alice', 'Umid'])
  expect(await colony.directory.call('GET /counters')).toEqual({ 'GET /user': { ok: 2 } })
})

test('a directory that is killed comes back at its address, with all that it knew', async () => {
  const rookery = await startProcess({ dir, env: { DEMO_DIRECTORY } })
  const [, url = ''] = await rookery.says(/^Directory: (\S+)$/m)
  const people = () =>
    fetch(`${url}/admin/people`)
      .then((answer) => answer.json())
      .catch(() => undefined)
  await fetch(`${url}/admin/person/delete`, { method: 'POST', body: JSON.stringify({ userId: 131 }) })
  process.kill(childOf(rookery), 'SIGKILL')
  await expect.poll(() => rookery.log(), { timeout: 20_000 }).toContain('the demo directory has ended')
  await expect.poll(people, { timeout: 20_000 }).toMatchObject({ total: 6 })
  expect(await rookery.stop()).toBe(0)
  expect(await people()).toBeUndefined()
})

test('the directory ends with a Rookery that is killed, and the next start finds its port free', async () => {
  const first = await startProcess({ dir, env: { DEMO_DIRECTORY } })
  const [, url = ''] = await first.says(/^Directory: (\S+)$/m)
  await first.kill()
  const isThere = () =>
    fetch(url).then(
      () => true,
      () => false,
    )
  await expect.poll(isThere, { timeout: 20_000 }).toBe(false)
  const next = await startProcess({ dir, env: { DEMO_DIRECTORY, DIRECTORY_PORT: new URL(url).port } })
  expect((await next.says(/^Directory: (\S+)$/m))[1]).toBe(url)
  await next.kill()
})

test('a DIRECTORY_PORT that is taken stops the start with the remedy', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const {
    code,
    output,
    log: said,
  } = await runProcess({ dir, env: { DEMO_DIRECTORY, DIRECTORY_PORT: `${port}`, LOG_LEVEL: 'silent' } })
  expect({ code, output }).toEqual({ code: 1, output: '' })
  expect(said).toMatch(new RegExp(`^DIRECTORY_PORT: port ${port} is taken .*; set DIRECTORY_PORT to a free one`))
  other.close()
})

test('switched off, it leaves the bots of the sandbox without a directory, also after a start with one', async () => {
  await startColony({ directory: true, dir }).then((colony) => colony.close())
  await using colony = await startColony({ dir })
  expect(await directoryOf(await Bot.named('sandbox', 'metabot').orFail(), log)).toBeUndefined()
  expect(() => colony.directory).toThrow(/startColony\(\{ directory: true \}\)/)
})

test('a process with the sandbox of another leaves the directory as that one wrote it', async () => {
  await using colony = await startColony({ directory: true, dir })
  const { sandboxUrl } = colony.app
  await settle(await sandboxPlan(sandboxUrl ?? ''), colony.settings)
  expect(await namesByPhone(colony)).toEqual(['Alice', 'Umid'])
})

/** The one process that a Rookery has begun. */
function childOf({ pid }: RookeryProcess): number {
  return Number(execFileSync('ps', ['-o', 'pid=', '--ppid', `${pid}`], { encoding: 'utf8' }))
}
