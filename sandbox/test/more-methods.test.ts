import { Bot, InputFile, InputMediaBuilder } from 'grammy'
import { expect, test } from 'vitest'
import { onePixelPng, startTestSandbox } from './start.ts'

/** A bot that Alice has started, and is in a group with her and Umid. */
async function startBot() {
  const sandbox = await startTestSandbox()
  const [bot, alice, umid] = await Promise.all([sandbox.bot(), sandbox.person('Alice'), sandbox.person('Umid')])
  const chat = alice.chat('shop_bot')
  const started = await chat.start()
  const group = await alice.group('Night shift', { members: [umid, 'shop_bot'] })
  const refusal = async (method: string, parameters: object) => (await bot.call(method, parameters)).description
  const umids = await umid.inGroup('Night shift')
  return { sandbox, bot, alice, chat, chat_id: alice.person.id, started, group, umid, umids, refusal }
}

test('forwards with the name of whoever wrote it first, and copies without', async () => {
  const { bot, chat, chat_id, group, umid, umids, refusal } = await startBot()
  const { message_id } = await umids.sends('See https://example.org')
  const from = { from_chat_id: group.id, message_id }
  const forwarded = (await bot.call('forwardMessage', { chat_id, ...from })).result
  expect(forwarded).toMatchObject({
    chat: { id: chat_id },
    from: { id: bot.id },
    text: 'See https://example.org',
    entities: [{ type: 'url', offset: 4, length: 19 }],
    forward_origin: { type: 'user', sender_user: { id: umid.person.id }, date: expect.any(Number) },
  })
  await chat.sees('See')
  const again = { chat_id: group.id, from_chat_id: chat_id, message_id: forwarded.message_id }
  expect((await bot.call('forwardMessage', again)).result.forward_origin.sender_user.first_name).toBe('Umid')

  const reply_markup = { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] }
  const copied = (await bot.call('copyMessage', { chat_id, ...from, reply_markup })).result
  expect(copied).toEqual({ message_id: forwarded.message_id + 1 })
  const copy = await chat.sees('Yes')
  expect(copy).toMatchObject({ text: 'See https://example.org' })
  expect(copy.forward_origin).toBeUndefined()

  expect(await refusal('forwardMessage', { chat_id, ...from, message_id: 99 })).toBe(
    'Bad Request: message to forward not found',
  )
  expect(await refusal('copyMessage', { chat_id, ...from, message_id: 99 })).toBe(
    'Bad Request: message to copy not found',
  )
  expect(await refusal('copyMessage', { chat_id, from_chat_id: -5, message_id: 1 })).toBe('Bad Request: chat not found')
  expect(await refusal('forwardMessage', { chat_id, ...from, message_id: 1 })).toBe(
    "Bad Request: the message can't be forwarded",
  )
})

test('gives a copied file another caption, and edits captions', async () => {
  const { bot, chat, chat_id, umids, group, refusal } = await startBot()
  const { message_id } = await umids.sendsDocument('list.csv', Buffer.from('a,b'), 'old')
  const copyWith = async (more: object) => {
    const call = { chat_id, from_chat_id: group.id, message_id, ...more }
    return (await bot.call('copyMessage', call)).result.message_id
  }
  const same = await copyWith({})
  expect((await chat.sees('old')).document?.file_name).toBe('list.csv')
  await copyWith({ caption: '<b>new</b>', parse_mode: 'HTML' })
  expect((await chat.sees('new')).caption_entities).toEqual([{ type: 'bold', offset: 0, length: 3 }])
  await copyWith({ caption: '' })
  expect((await chat.messages()).at(-1)?.caption).toBeUndefined()

  const edit = { chat_id, message_id: same }
  expect((await bot.call('editMessageCaption', { ...edit, caption: 'edited' })).result.caption).toBe('edited')
  await chat.sees('edited')
  expect(await refusal('editMessageCaption', { ...edit, caption: 'edited' })).toMatch('message is not modified')
  expect(await refusal('editMessageCaption', { ...edit, caption: 'x'.repeat(1025) })).toBe(
    'Bad Request: message caption is too long',
  )
  const text = (await bot.call('sendMessage', { chat_id, text: 'no file' })).result.message_id
  expect(await refusal('editMessageCaption', { chat_id, message_id: text, caption: 'x' })).toBe(
    'Bad Request: there is no caption in the message to edit',
  )
})

test('sends albums of photos or documents, whole or not at all', async () => {
  const { sandbox, bot, chat, chat_id, refusal } = await startBot()
  const { api } = new Bot(bot.token, { client: { apiRoot: sandbox.url } })
  const photo = () => new InputFile(Buffer.from(onePixelPng), 'photo.png')
  await api.sendMediaGroup(chat_id, [
    InputMediaBuilder.photo(photo(), { caption: 'Two views' }),
    InputMediaBuilder.photo(photo()),
  ])
  const seen = (await chat.messages()).slice(-2)
  expect(seen).toMatchObject([{ caption: 'Two views', photo: [{ width: 1 }] }, { photo: [{ width: 1 }] }])
  expect(seen[0]?.media_group_id).toBe(seen[1]?.media_group_id)
  const media = seen[0]?.photo?.[0]?.file_id
  const item = { type: 'photo', media }
  const album = (...items: object[]) => refusal('sendMediaGroup', { chat_id, media: items })
  expect(await refusal('sendMediaGroup', { chat_id })).toBe('Bad Request: parameter "media" is required')
  expect(await album()).toBe('Bad Request: there are no messages to send')
  expect(await album(...Array(11).fill(item))).toBe('Bad Request: too many messages to send as an album')
  expect(await album(item, { type: 'document', media })).toBe(
    "Bad Request: document can't be mixed with other media types",
  )
  expect(await album(item, { type: 'sticker', media })).toBe(
    'Bad Request: can\'t parse InputMedia: type "sticker" is unsupported',
  )
  expect(await album(item, { type: 'photo', media: 'nonsense' })).toBe(
    'Bad Request: failed to send message #2 with the error message "Wrong file identifier/HTTP URL specified"',
  )
  expect(await chat.messages()).toHaveLength(3)
})

test('deletes many messages at once, passing over what is gone', async () => {
  const { bot, chat, chat_id, started, group, refusal } = await startBot()
  const send = async (where: number, text: string) =>
    (await bot.call('sendMessage', { chat_id: where, text })).result.message_id
  const ids = [started.message_id, await send(chat_id, 'one'), await send(chat_id, 'two'), 99]
  expect((await bot.call('deleteMessages', { chat_id, message_ids: ids })).result).toBe(true)
  expect(await chat.messages()).toEqual([])
  const theirs = await group.sends('mine')
  const own = await send(group.id, 'own')
  expect(await refusal('deleteMessages', { chat_id: group.id, message_ids: [own, theirs.message_id] })).toBe(
    "Bad Request: message can't be deleted",
  )
  expect((await group.view()).messages.map(({ text }) => text)).toContain('own')
  const refused = (message_ids: unknown) => refusal('deleteMessages', { chat_id, message_ids })
  expect(await refused([])).toBe('Bad Request: message identifiers are not specified')
  expect(await refused(Array.from({ length: 101 }, (_, at) => at + 1))).toBe(
    'Bad Request: too many message identifiers specified',
  )
  expect(await refused(['x'])).toBe('Bad Request: invalid message identifier specified')
})

test('keeps a short description by language', async () => {
  const { bot, refusal } = await startBot()
  await bot.call('setMyShortDescription', { short_description: 'Sells things' })
  await bot.call('setMyShortDescription', { short_description: 'Narsalar sotadi', language_code: 'uz' })
  const get = async (language_code?: string) => (await bot.call('getMyShortDescription', { language_code })).result
  expect(await get('ru')).toEqual({ short_description: 'Sells things' })
  expect(await get('uz')).toEqual({ short_description: 'Narsalar sotadi' })
  expect(await refusal('setMyShortDescription', { short_description: 'x'.repeat(121) })).toBe(
    'Bad Request: ABOUT_TOO_LONG',
  )
})
