import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { limits } from '../../bot-api/limits.ts'
import { type Answer, onePixelPng, startTestSandbox, type TestBot } from './start.ts'

async function upload(
  url: string,
  bot: TestBot,
  method: string,
  fields: Record<string, string | File>,
): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const response = await fetch(`${url}/bot${bot.token}/${method}`, { method: 'POST', body: form })
  return (await response.json()) as Answer
}

const png = () => new File([onePixelPng], 'dot.png', { type: 'image/png' })

test('a photo travels from the bot to the person, again by its id, and can be looked at', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  const chat = alice.chat('shop_bot')
  await chat.start()
  const chat_id = String(alice.person.id)
  const first = await upload(sandbox.url, bot, 'sendPhoto', {
    chat_id,
    photo: 'attach://dot',
    dot: png(),
    caption: '<i>A dot</i>',
    parse_mode: 'HTML',
  })
  const [size] = first.result.photo
  expect(size).toMatchObject({ width: 1, height: 1, file_size: onePixelPng.length })
  expect(await chat.sees('A dot')).toMatchObject({ caption_entities: [{ type: 'italic', offset: 0, length: 5 }] })
  const again = await bot.call('sendPhoto', { chat_id, photo: size.file_id })
  expect(again.result.photo).toEqual([size])
  const bytes = await fetch(`${sandbox.url}/api/files/${size.file_id}`)
  expect(bytes.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await bytes.arrayBuffer()).equals(onePixelPng)).toBe(true)
  expect((await bot.call('sendDocument', { chat_id, document: size.file_id })).description).toBe(
    "Bad Request: can't use file of type Photo as Document",
  )
})

test('what a person sends can be downloaded by that bot alone', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const other = await sandbox.bot('other_bot')
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  await chat.sendsPhoto(onePixelPng, 'me')
  const { document } = await chat.sendsDocument('список.txt', Buffer.from('bread'))
  expect(document).toMatchObject({ file_name: 'список.txt', file_size: 5 })
  const [photo] = (await bot.call('getUpdates')).result
  expect(photo.message).toMatchObject({ caption: 'me', photo: [{ width: 1 }] })
  const file_id = document?.file_id
  const { file_path } = (await bot.call('getFile', { file_id })).result
  const download = await fetch(`${sandbox.url}/file/bot${bot.token}/${file_path}`)
  expect(await download.text()).toBe('bread')
  expect((await other.call('getFile', { file_id })).description).toBe('Bad Request: invalid file_id')
  expect((await fetch(`${sandbox.url}/file/bot${other.token}/${file_path}`)).status).toBe(404)
})

test('files are fetched from an address, and what is no picture is no photo', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/missing') response.writeHead(404).end()
    else
      response
        .writeHead(200, { 'content-type': request.url?.endsWith('.png') ? 'image/png' : 'text/plain' })
        .end(onePixelPng)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const { chat } = await (await sandbox.person('Alice')).chat('shop_bot').start()
  const send = (method: string, parameters: object) => bot.call(method, { chat_id: chat.id, ...parameters })
  expect((await send('sendPhoto', { photo: `${at}/dot.png` })).result.photo).toHaveLength(1)
  const document = await send('sendDocument', { document: `${at}/price%20list.csv?x=1` })
  expect(document.result.document).toMatchObject({ file_name: 'price list.csv', mime_type: 'text/plain' })
  const missing = await send('sendPhoto', { photo: `${at}/missing` })
  expect(missing.description).toBe('Bad Request: failed to get HTTP URL content')
  const page = await send('sendPhoto', { photo: `${at}/page` })
  expect(page.description).toBe('Bad Request: wrong type of the web page content')
  const bad = await upload(sandbox.url, bot, 'sendPhoto', {
    chat_id: String(chat.id),
    photo: new File(['no picture'], 'x.png'),
  })
  expect(bad.description).toBe('Bad Request: IMAGE_PROCESS_FAILED')
  expect((await send('sendPhoto', {})).description).toBe('Bad Request: there is no photo in the request')
})

test('a bot uploads at most 50 MB and downloads at most 20 MB', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  const { document } = await chat.sendsDocument('large.bin', Buffer.alloc(limits.downloadBytes + 1))
  const refused = await bot.call('getFile', { file_id: document?.file_id })
  expect(refused.description).toBe('Bad Request: file is too big')
  const tooLarge = new File([Buffer.alloc(limits.uploadBytes + 1)], 'huge.bin')
  const answer = await upload(sandbox.url, bot, 'sendDocument', { chat_id: '5000000001', document: tooLarge })
  expect(answer).toEqual({ ok: false, error_code: 413, description: 'Request Entity Too Large' })
})
