import { expect, test } from 'vitest'
import type { SeenMessage } from '../events.ts'
import { callBot, startTestSandbox } from './start.ts'

function tokenIn({ text = '', entities = [] }: SeenMessage): string {
  const code = entities.find(({ type }) => type === 'code')
  return code ? text.slice(code.offset, code.offset + code.length) : ''
}

test('makes a bot in the familiar steps and hands out its token as code', async () => {
  const sandbox = await startTestSandbox()
  const father = (await sandbox.person('Alice')).chat('botfather')
  await father.start()
  await father.sees('/newbot')
  await father.sends('/newbot')
  await father.sees('name')
  await father.sends('Weather & Co')
  await father.sees('username')
  for (const [username, why] of [
    ['abc', '5 to 32'],
    ['weather', "end in 'bot'"],
    ['BotFather', "end in 'bot'"],
  ] as const) {
    await father.sends(username)
    await father.sees(why)
  }
  await father.sends('@weather_bot')
  const token = tokenIn(await father.sees('Done'))
  const me = await callBot(sandbox.url, token, 'getMe')
  expect(me.result).toMatchObject({ username: 'weather_bot', first_name: 'Weather & Co' })
  await father.sends('/newbot')
  await father.sends('Another')
  await father.sends('WEATHER_BOT')
  await father.sees('taken')
  await father.sends('/cancel')
  await father.sees('Nothing has been changed')
})

test('revokes a token, renames and deletes a bot, for its owner alone', async () => {
  const sandbox = await startTestSandbox()
  const father = (await sandbox.person('Alice')).chat('BotFather')
  for (const text of ['/newbot', 'Shop', 'shop_bot']) await father.sends(text)
  const old = tokenIn(await father.sees('Done'))
  const polled = callBot(sandbox.url, old, 'getUpdates', { timeout: 20 })
  await callBot(sandbox.url, old, 'getMe')
  await father.sends('/revoke')
  await father.presses('@shop_bot')
  const token = tokenIn(await father.sees('The new one'))
  expect((await callBot(sandbox.url, old, 'getMe')).error_code).toBe(401)
  expect((await polled).error_code).toBe(401)
  for (const text of ['/setname', '@shop_bot', 'Corner shop']) await father.sends(text)
  expect((await callBot(sandbox.url, token, 'getMe')).result.first_name).toBe('Corner shop')

  const stranger = (await sandbox.person('Umid')).chat('BotFather')
  await stranger.sends('/token')
  await stranger.sees('You have no bots yet')
  for (const text of ['/deletebot', '@shop_bot', 'yes']) await father.sends(text)
  await father.sees('Only these words')
  await father.presses(/^Yes, delete/)
  await father.sees('is gone')
  expect((await callBot(sandbox.url, token, 'getMe')).error_code).toBe(401)
  expect(await sandbox.api('GET', '/search?q=shop')).toEqual([])
})
