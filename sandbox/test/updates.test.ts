import { expect, test } from 'vitest'
import { type Answer, startTestSandbox } from './start.ts'

const texts = ({ result }: Answer) => result.map(({ message }: { message: { text: string } }) => message.text)

test('updates wait until they are confirmed by an offset', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  await chat.start()
  for (const text of ['one', 'two', 'three']) await chat.sends(text)
  const all = await bot.call('getUpdates')
  expect(texts(all)).toEqual(['/start', 'one', 'two', 'three'])
  expect(texts(await bot.call('getUpdates', { limit: 2 }))).toEqual(['/start', 'one'])
  expect(texts(await bot.call('getUpdates', { offset: all.result[1].update_id + 1 }))).toEqual(['two', 'three'])
  expect(texts(await bot.call('getUpdates', { offset: -1 }))).toEqual(['three'])
  expect((await bot.call('getWebhookInfo')).result).toMatchObject({ url: '', pending_update_count: 1 })
  await bot.call('deleteWebhook', { drop_pending_updates: true })
  expect((await bot.call('getUpdates')).result).toEqual([])
  await chat.sends('four')
  const [next] = (await bot.call('getUpdates')).result
  expect(next.update_id).toBe(all.result[3].update_id + 1)
})

test('a poll waits for the next update', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  const polled = bot.call('getUpdates', { timeout: 20 })
  await chat.start('promo-1')
  expect(texts(await polled)).toEqual(['/start promo-1'])
})

test('of two pollers the older one is told of the conflict', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  const first = bot.call('getUpdates', { timeout: 20 })
  // They race to the server; whichever it takes first is the older one.
  const second = bot.call('getUpdates', { timeout: 20 })
  const loser = await Promise.race([first, second])
  expect(loser).toEqual({
    ok: false,
    error_code: 409,
    description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  })
  await chat.start()
  const answers = await Promise.all([first, second])
  expect(answers.filter(({ ok }) => ok).map(texts)).toEqual([['/start']])
})

test('allowed_updates hold until they are changed', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  await bot.call('getUpdates', { allowed_updates: ['my_chat_member'] })
  await chat.start()
  await chat.stops()
  await chat.start()
  const { result } = await bot.call('getUpdates')
  const states = result.map((update: Answer['result']) => update.my_chat_member.new_chat_member.status)
  expect(states).toEqual(['kicked', 'member'])
  await bot.call('getUpdates', { allowed_updates: JSON.stringify([]), offset: -1 })
  const { message_id } = await chat.sends('hello')
  await chat.edits(message_id, 'hello again')
  const later = (await bot.call('getUpdates')).result
  expect(later.map((update: object) => Object.keys(update)[1])).toEqual(['my_chat_member', 'message', 'edited_message'])
})
