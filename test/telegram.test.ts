import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputFile } from 'grammy'
import { expect, test } from 'vitest'
import { telegramChannel } from '../channels/telegram.ts'
import { connectPerson } from '../sandbox/person.ts'
import { startSandbox } from '../sandbox/server.ts'
import { channelSuite } from './channel-suite.ts'

channelSuite('telegram', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const sandbox = await startSandbox({ dir, port: 0 })
  const made = await fetch(`${sandbox.url}/api/bots`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Stage', username: 'stage_bot' }),
  })
  const { token } = (await made.json()) as { token: string }
  const alice = await connectPerson(sandbox.url, 'Alice')
  const chat = alice.chat('stage_bot')
  await chat.start()
  return {
    channel: telegramChannel({ token, apiRoot: sandbox.url, pollSeconds: 1 }),
    refused: telegramChannel({ token: `${token.slice(0, -4)}xxxx`, apiRoot: sandbox.url }),
    unreachable: telegramChannel({ token, apiRoot: 'http://127.0.0.1:9' }),
    username: 'stage_bot',
    chat: alice.person.id,
    person: {
      writes: async (text) => void (await chat.sends(text)),
      presses: async (label) => void (await chat.presses(label, { within: 50 })),
      sees: async (text) => void (await chat.sees(text)),
      blocks: () => chat.stops(),
    },
    async close() {
      await alice.close()
      await sandbox.close()
      await rm(dir, { recursive: true })
    },
  }
})

test('a nested file travels beside, and objects beside a file are not lost', async () => {
  await using server = await listening()
  const channel = telegramChannel({ token: '1:x', apiRoot: server.url })
  const media = [{ type: 'document', media: new InputFile(Buffer.from('inside'), 'inner.txt') }]
  await channel.call('sendMediaGroup', { chat_id: 1, media, reply_parameters: { message_id: 7 } })
  const [form] = server.bodies
  expect(form).toContain('name="reply_parameters"')
  expect(form).toContain('{"message_id":7}')
  expect(form).toContain('attach://file0')
  expect(form).toMatch(/name="file0"; filename="inner.txt"[\s\S]*inside/)
})

test('an object with a url is not taken for a file to download', async () => {
  await using server = await listening()
  const channel = telegramChannel({ token: '1:x', apiRoot: server.url })
  await channel.call('setChatMenuButton', { web_app: { url: `${server.url}/never-asked` } })
  expect(server.paths).toEqual(['/bot1:x/setChatMenuButton'])
})

test('many calls share a few connections', async () => {
  await using server = await listening()
  const channel = telegramChannel({ token: '1:x', apiRoot: server.url })
  await Promise.all(Array.from({ length: 200 }, () => channel.call('sendMessage', { chat_id: 1, text: 'x' })))
  expect(server.connections()).toBeLessThanOrEqual(32)
})

test('a failure never tells the token', async () => {
  const channel = telegramChannel({ token: '1:very-secret', apiRoot: 'http://127.0.0.1:9' })
  expect(JSON.stringify(await channel.call('getMe', {}))).not.toContain('very-secret')
})

async function listening() {
  const bodies: string[] = []
  const paths: string[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? '')
    bodies.push(Buffer.concat(await request.toArray()).toString())
    response.setHeader('content-type', 'application/json').end('{"ok":true,"result":true}')
  })
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, bodies, paths, connections: () => connections, [Symbol.asyncDispose]: close }
}
