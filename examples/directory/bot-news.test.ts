import { expect, test } from 'vitest'
import { listenAsBot } from './bot-listener.ts'
import { DirectoryProcess } from './directory-process.ts'

test('tells the bot what an admin edited, blocked, unblocked and deleted', async () => {
  const bot = await listenAsBot()
  const directory = await DirectoryProcess.start({ env: bot.env })
  const edited = await directory.call('PATCH /admin/person', { userId: 128, role: 'manager', lastname: 'Holm' })
  expect(edited.body.told).toEqual({ call: 'users/update', success: true })
  await directory.call('POST /admin/person/block', { userId: 128, reason: ' Unpaid ' })
  await directory.call('POST /admin/person/unblock', { userId: 128 })
  await directory.call('POST /admin/person/delete', { userId: 128 })

  const [update, ...others] = bot.heard
  expect(update).toEqual({
    path: '/api/v1/bots/b1/call/users/update',
    authorization: 'Bearer key-1',
    params: {
      userId: 128,
      role: 'manager',
      active: true,
      lastname: 'Holm',
      firstname: 'Nina',
      email: 'nina@example.com',
      location: { country: 'Germany', region: 'Bremen', city: 'Bremen' },
      eventId: 'admin-page',
      changedBy: 'admin',
    },
  })
  expect(others.map(({ path, params }) => [path?.split('/call/')[1], params])).toEqual([
    ['users/block', { userId: 128, reason: 'Unpaid' }],
    ['users/unblock', { userId: 128 }],
    ['users/delete', { userId: 128 }],
  ])
  expect(await directory.call('GET /user?userId=128')).toMatchObject({ status: 404 })
  await directory.close()
  await bot.close()
})

test('keeps the change and says so when the bot cannot be told or refuses', async () => {
  const bot = await listenAsBot({ success: false, message: 'User not found' })
  const directory = await DirectoryProcess.start({ env: bot.env })
  const block = () => directory.call('POST /admin/person/block', { userId: 128 })
  expect((await block()).body.told).toEqual({ call: 'users/block', success: false, message: 'User not found' })
  await bot.close()
  expect((await block()).body.told).toMatchObject({
    success: false,
    message: expect.stringMatching(/cannot be reached/),
  })
  expect((await directory.call('GET /user?userId=128')).body.isActive).toBe(false)
  await directory.close()
})

test('tells nobody where no bot is set, nor of what the bot itself changed', async () => {
  const bot = await listenAsBot()
  const alone = await DirectoryProcess.start({ env: { ROOKERY_URL: bot.url } })
  expect((await alone.call('POST /admin/person/block', { userId: 128 })).body).not.toHaveProperty('told')
  const directory = await DirectoryProcess.start({ env: bot.env })
  expect(await directory.call('PATCH /user', { userId: 128, lastname: 'Holm' })).toMatchObject({ status: 200 })
  expect(bot.heard).toEqual([])
  for (const one of [alone, directory, bot]) await one.close()
})

test('tells a bot that was set at run time, also after a restart, and shows its key to nobody', async () => {
  const bot = await listenAsBot()
  const { ROOKERY_URL: rookeryUrl, BOT: id, API_KEY: apiKey } = bot.env
  const first = await DirectoryProcess.start()
  expect((await first.call('GET /bot')).body).toBeNull()
  const wrong = await first.call('PUT /bot', { rookeryUrl: 'rookery', bot: id, apiKey })
  expect(wrong).toMatchObject({ status: 422, body: { field: 'rookeryUrl' } })
  expect((await first.call('PUT /bot', { rookeryUrl, bot: `@${id}`, apiKey })).body).toEqual({ rookeryUrl, bot: id })
  await first.stop()
  const again = await DirectoryProcess.start({ dir: first.dir })
  expect((await again.call('GET /bot')).body).toEqual({ rookeryUrl, bot: id })
  await again.call('POST /admin/person/unblock', { userId: 129 })
  expect(bot.heard).toMatchObject([{ path: '/api/v1/bots/b1/call/users/unblock', authorization: 'Bearer key-1' }])
  for (const one of [again, bot]) await one.close()
})

test('lets no page of another site act for the admin', async () => {
  const directory = await DirectoryProcess.start()
  const foreign = { 'sec-fetch-site': 'cross-site' }
  expect(await directory.call('POST /admin/person/delete', { userId: 127 }, foreign)).toMatchObject({ status: 403 })
  expect(await directory.call('GET /user?userId=127')).toMatchObject({ status: 200 })
  await directory.close()
})
