import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../server.ts'
import { onePixelPng, startTestSandbox, tempDir } from './start.ts'

test('everything is there after a restart', async () => {
  const dir = await tempDir()
  const before = await startTestSandbox({ dir })
  const bot = await before.bot()
  const alice = await before.person('Alice')
  await alice.chat('shop_bot').start()
  const photo = (await alice.chat('shop_bot').sendsPhoto(onePixelPng)).photo?.[0]
  await bot.call('sendMessage', { chat_id: alice.person.id, text: 'Pick', reply_markup: { keyboard: [['One']] } })
  await alice.chat('BotFather').sends('/newbot')
  await bot.call('getUpdates', { offset: 2 })
  await bot.call('sendMessage', { chat_id: alice.person.id, text: 'Well?' })
  const list = await before.api('GET', `/people/${alice.person.id}/chats`)
  const view = await alice.chat('shop_bot').view()
  await before.close()

  const after = await startTestSandbox({ dir })
  const again = await after.person('Alice')
  expect(again.person).toEqual(alice.person)
  expect(await again.chat('shop_bot').view()).toEqual(view)
  expect(await after.api('GET', `/people/${alice.person.id}/chats`)).toEqual(list)
  const sameBot = await after.bot()
  expect(sameBot.token).toBe(bot.token)
  const waiting = (await sameBot.call('getUpdates')).result
  expect(waiting).toMatchObject([{ update_id: 2, message: { photo: [photo] } }])
  const sent = await sameBot.call('sendMessage', { chat_id: again.person.id, text: 'next' })
  expect(sent.result.message_id).toBe(5)
  await again.chat('BotFather').sends('My bot')
  await again.chat('BotFather').sees('username')
  expect((await fetch(`${after.url}/api/files/${photo?.file_id}`)).status).toBe(200)
  await sameBot.call('getUpdates', { offset: 3 })
  await after.close()

  const third = await startTestSandbox({ dir })
  const stillBot = await third.bot()
  await (await third.person('Alice')).chat('shop_bot').sends('hello')
  expect((await stillBot.call('getUpdates')).result).toMatchObject([{ update_id: 3 }])
})

test('one folder is for one sandbox', async () => {
  const dir = await tempDir()
  await startTestSandbox({ dir })
  await expect(startSandbox({ dir, port: 0 })).rejects.toThrow(`Another sandbox already uses ${dir}`)
})

function spawnSandbox(dir: string, port: number): ChildProcess {
  const child = spawn(process.execPath, ['sandbox/main.ts'], {
    env: { ...process.env, DATA_DIR: dir, SANDBOX_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const firstLine = async (child: ChildProcess, stream: 'stdout' | 'stderr') =>
  String((await once(child[stream] as never, 'data'))[0])

test('as a process it prints its address, outlives a kill with all it acknowledged, and ends on a signal', async () => {
  const dir = await tempDir()
  const first = spawnSandbox(dir, 0)
  const address = (line: string) => /http:\S+/.exec(line)?.[0]
  const url = address(await firstLine(first, 'stdout'))
  const start = (at: string | undefined, path: string, body: object) =>
    fetch(`${at}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const bot = (await (await start(url, '/bots', { name: 'Shop', username: 'shop_bot' })).json()) as { id: number }
  expect((await start(url, `/people/5000000001/chats/${bot.id}/start`, {})).status).toBe(200)
  const refused = spawnSandbox(dir, 0)
  expect(await firstLine(refused, 'stderr')).toMatch(
    /^The sandbox cannot start. Another sandbox already uses [^\n]*\n$/,
  )
  first.kill('SIGKILL')
  await once(first, 'exit')

  const second = spawnSandbox(dir, 0)
  const again = address(await firstLine(second, 'stdout'))
  const chat = (await (await fetch(`${again}/api/people/5000000001/chats/${bot.id}`)).json()) as { messages: object[] }
  expect(chat.messages).toMatchObject([{ text: '/start' }])
  second.kill('SIGTERM')
  expect((await once(second, 'exit'))[0]).toBe(0)
})

test('a taken port is said in one line with the remedy', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const child = spawnSandbox(await tempDir(), port)
  expect(await firstLine(child, 'stderr')).toBe(
    `The sandbox cannot start. Port ${port} is taken: set SANDBOX_PORT to a free one\n`,
  )
  expect((await once(child, 'exit'))[0]).toBe(1)
})
