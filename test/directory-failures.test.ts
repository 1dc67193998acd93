import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openDirectory } from '../directory/directory.ts'
import type { DirectoryFailure } from '../directory/failure.ts'
import { directorySettings } from '../directory/settings.ts'
import { certificate } from './directory-certificate.ts'
import { open, type Reply, startDirectory, token } from './directory-server.ts'

const page = '<html><title>Log in</title></html>'

test.each<[string, Reply, object, object]>([
  ['a dropped connection', { drop: 'before' }, { kind: 'unreachable', down: true }, {}],
  ['an answer cut off', { json: { userId: 5 }, drop: 'midway' }, { kind: 'unreachable', down: true }, {}],
  ['no answer in time', { afterMs: 5_000 }, { kind: 'unreachable', detail: { code: 'TIMEOUT' } }, { timeoutMs: 200 }],
  ['500', { status: 500, text: page }, { kind: 'failed', down: true, detail: { status: 500 } }, {}],
  ['401', { status: 401, text: page }, { kind: 'refused', down: false, detail: { status: 401 } }, {}],
  ['403', { status: 403, json: {} }, { kind: 'refused', detail: { status: 403 } }, {}],
  ['a page', { text: page }, { kind: 'notJson', down: false, detail: { status: 200 } }, {}],
  ['400', { status: 400, json: {} }, { kind: 'failed', down: false, detail: { status: 400 } }, {}],
  ['no ID', { json: { email: 'ada@example.com' } }, { kind: 'missingField', detail: { field: 'userId' } }, {}],
  ['a word for an account', { json: 'ada' }, { kind: 'missingField', detail: { field: 'userId' } }, {}],
  ['an odd state', { json: { id: 5, isActive: 'maybe' } }, { kind: 'missingField', detail: { field: 'active' } }, {}],
])('%s is told apart', async (_what, reply, failure, settings) => {
  await using system = await startDirectory(() => reply)
  const directory = system.open({ attempts: 1 }, settings)
  await expect(directory.find({ userId: '5' })).rejects.toMatchObject({ ...failure, call: 'find', asked: true })
  expect(await directory.check({ userId: '5' })).toMatchObject({ ok: false, failure })
})

test('an address where nobody listens is unreachable', async () => {
  const { url } = await gone()
  expect(await open(url).check()).toMatchObject({ failure: { kind: 'unreachable', detail: { code: 'ECONNREFUSED' } } })
})

test('a certificate that nobody vouches for is told as such, and not tried again', async () => {
  let connections = 0
  const server = createServer(certificate, (_request, response) => response.end('{}')).on(
    'connection',
    () => connections++,
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const directory = open(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const failure = { kind: 'certificate', detail: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }
  await expect(directory.find({ userId: '5' })).rejects.toMatchObject(failure)
  expect(await directory.check()).toMatchObject({ ok: false, failure })
  expect(connections).toBe(2)
  server.close()
})

test('a redirection is not followed, for it would take the token along', async () => {
  await using other = await startDirectory(() => ({ json: { userId: 5 } }))
  await using system = await startDirectory(() => ({ status: 302, headers: { location: other.url } }))
  const directory = system.open({}, { header: 'X-Api-Key' })
  await expect(directory.find({ userId: '5' })).rejects.toMatchObject({ kind: 'failed', detail: { status: 302 } })
  expect(other.heard).toEqual([])
})

test('an answer larger than any account is not taken', async () => {
  await using system = await startDirectory(() => ({ json: { userId: 5, photo: 'x'.repeat(2 * 1024 * 1024) } }))
  await expect(system.open().find({ userId: '5' })).rejects.toMatchObject({ detail: { code: 'TOO_LARGE' } })
})

test('a registration whose answer names no user is a failure', async () => {
  await using system = await startDirectory(() => ({ json: {} }))
  const failure = { kind: 'missingField', call: 'register', detail: { field: 'userId' } }
  await expect(system.open().register({ firstname: 'Ada' }, 'key')).rejects.toMatchObject(failure)
})

test('a check asks for nobody, and finds a directory that works', async () => {
  await using system = await startDirectory(() => ({ status: 404, json: {} }))
  expect(await system.open().check()).toEqual({ ok: true, found: 'not found' })
  expect(system.heard.map(({ query }) => query)).toEqual([{ email: 'nobody@directory.invalid' }])
})

test('a check finds the account that it is given', async () => {
  await using system = await startDirectory(() => ({ json: { id: 5 } }))
  expect(await system.open().check({ userId: '5' })).toEqual({ ok: true, found: { userId: '5', active: true } })
})

test('a check sees a wrong address, and a directory that answers with anybody', async () => {
  await using wrong = await startDirectory(() => ({ status: 404, text: page }))
  expect(await wrong.open().check()).toMatchObject({ failure: { kind: 'notJson' } })
  await using deaf = await startDirectory(() => ({ json: [{ id: 5 }, { id: 6 }] }))
  expect(await deaf.open().check()).toMatchObject({ failure: { kind: 'ignoresQuestion' } })
})

/** An address that was somebody's a moment ago. */
async function gone() {
  await using system = await startDirectory(() => ({}))
  return { url: system.url }
}

test('no failure and no log tells the token, or what was sent and answered', async () => {
  const secrets = [token, 'ada@example.com', '998901234567', 'register-7', 'Lovelace', 'hush']
  const json = { email: 'ada@example.com', phone: '998901234567', surname: 'Lovelace' }
  const replies: Reply[] = [{ drop: 'before' }, { text: '<p>hush ada@example.com' }, { json }, { status: 500, json }]
  await using system = await startDirectory((_heard, n) => replies[n % replies.length] ?? {})
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  const directory = openDirectory(directorySettings.parse({ baseUrl: system.url, token }), log, { attempts: 1 })
  const failures: DirectoryFailure[] = []
  for (let n = 0; n < 8; n++) {
    const call = n < 4 ? directory.find({ email: 'ada@example.com' }) : directory.register(json, 'register-7')
    await call.catch((failure: DirectoryFailure) => failures.push(failure))
  }
  expect(failures.map(({ kind }) => kind)).toEqual([...kinds, ...kinds])
  const told = failures.map((failure) => `${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).join()
  expect(lines).toHaveLength(8)
  for (const secret of secrets) expect(told + lines.join()).not.toContain(secret)
})
const kinds = ['unreachable', 'notJson', 'missingField', 'failed']
