import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Colony, startColony } from '../../rookery.ts'
import { startShopServer } from './server.ts'
import { shop } from './shop.ts'

let colony: Colony
let apiKey: string
let server: Awaited<ReturnType<typeof startShopServer>>

beforeAll(async () => {
  colony = await startColony({ kinds: [shop] })
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Shop' })
  apiKey = await newApiKey()
})
afterAll(() => colony.close())

beforeEach(async () => {
  server = await startShopServer(0)
  process.env.SHOP_URL = server.url
  return async () => {
    delete process.env.SHOP_URL
    await server.close()
  }
})

/** What the shop's own system would do. */
async function call(alias: string, params: object): Promise<unknown> {
  const answer = await fetch(`${colony.app.url}/api/v1/bots/shop_bot/call/${alias}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'accept-language': 'en' },
    body: JSON.stringify({ script_request_params: params }),
  })
  return answer.json()
}

async function newApiKey(): Promise<string> {
  const metabot = colony.admin.chat('metabot')
  await metabot.sends('/start')
  await metabot.presses('API keys')
  await metabot.presses('New')
  await metabot.sends('Shop')
  await metabot.presses('All bots')
  await metabot.presses('All endpoints')
  return /rk_[\w-]+/.exec((await metabot.sees('it is shown this once')).text ?? '')?.[0] ?? ''
}

/** Somebody new, whom a specialist connects to a user by their key. */
async function customer(userId: number) {
  const chat = (await colony.person({ first_name: 'Ann', language_code: 'en' })).chat('shop_bot')
  await chat.start()
  await chat.sends('/key')
  const [key] = /\d{4} \d{4}/.exec((await chat.sees(/\d{4} \d{4}/)).text ?? '') ?? []
  expect(await call('keys/assign', { key, userId, move: true })).toMatchObject({ success: true })
  await chat.sees('connected')
  return chat
}

const counters = async () => (await fetch(`${server.url}/counters`)).json()
const orders = async (userId: number): Promise<object[]> =>
  (await fetch(`${server.url}/orders?userId=${userId}`)).json() as Promise<object[]>

test('thanks for an order, asks for stars, and hands them to the shop once', async () => {
  const ann = await customer(102)
  expect(await call('transaction/thank-you', { userId: 102, orderId: '42' })).toMatchObject({
    success: true,
    queued: 1,
  })
  await ann.sees('Thank you for your order: Samovar!')
  await ann.presses('4')
  await ann.sees('the shop has your stars')
  expect((await orders(102))[0]).toMatchObject({ orderId: '42', stars: 4, ratings: 1 })
})

test('says so when the shop does not know the order, or it is somebody else’s, and thanks nobody', async () => {
  const refused = { success: false, message: expect.stringContaining('knows nothing') }
  await customer(102)
  expect(await call('transaction/thank-you', { userId: 102, orderId: '999' })).toMatchObject(refused)
  expect(await call('transaction/thank-you', { userId: 102, orderId: '41' })).toMatchObject(refused)
})

test('tells who has accepted a request, and asks the shop for it once', async () => {
  const ann = await customer(102)
  expect(await call('requests/accepted', { userId: 102, requestId: '7' })).toMatchObject({ success: true, queued: 1 })
  await ann.sees('Your request 7 was accepted by Dilnoza on 2026-11-27 10:15.')
  expect(await counters()).toMatchObject({ 'GET /request': 1 })
})

test('lists a person’s own orders, and sends guests to link', async () => {
  const guest = (await colony.person({ first_name: 'Bob', language_code: 'en' })).chat('shop_bot')
  await guest.start()
  expect(await guest.sees('Link my account')).not.toMatchObject({ text: expect.stringContaining('My orders') })
  await guest.sends('/orders')
  await guest.sees('Link your account first: /link')
  const ann = await customer(102)
  await ann.sends('my orders')
  const { text } = await ann.sees('Orders:')
  expect(text).toMatch(/42\. Samovar: delivered\n43\. Teapot: delivered\n44\. Cup: on its way$/)
})

test('says when the shop does not answer', async () => {
  const ann = await customer(102)
  await server.close()
  await ann.sends('/orders')
  await ann.sees('The shop does not answer just now')
  server = await startShopServer(0)
})

test('offers the orders of today to managers alone', async () => {
  const ann = await customer(101)
  expect(await call('users/update', { userId: 101, role: 'manager' })).toMatchObject({ success: true })
  await ann.start()
  await ann.presses("Today's orders")
  expect((await ann.sees('Orders:')).text).toMatch(/41\. Kettle: on its way\n42\. Samovar/)
  expect(await call('users/update', { userId: 101, role: 'user' })).toMatchObject({ success: true })
  // The button of the menu before is still there.
  await ann.presses("Today's orders")
  await ann.sees('for managers only')
})

test('asks whoever comes back for a review of each finished order that has none', async () => {
  const ann = await customer(102)
  await call('transaction/thank-you', { userId: 102, orderId: '42' })
  await ann.presses('5')
  await ann.sees('the shop has your stars')
  expect(await call('users/disconnect-bot', { userId: 102 })).toMatchObject({ success: true })
  expect(await call('users/connect-bot', { userId: 102 })).toMatchObject({ success: true })
  await ann.sees('How many stars does it deserve: Teapot?')
  await ann.presses('3')
  await ann.sees('the shop has your stars')
  expect((await orders(102)).map((order) => ('stars' in order ? order.stars : undefined))).toEqual([5, 3, undefined])
})

test('asks for the review also after a pause', async () => {
  const ann = await customer(102)
  expect(await call('users/pause', { userId: 102, for: '1h' })).toMatchObject({ success: true })
  await ann.sees('/resume')
  await ann.sends('/resume')
  await ann.sees('How many stars does it deserve: Samovar?')
  await ann.presses('4')
  await ann.sees('the shop has your stars')
  expect((await orders(102))[0]).toMatchObject({ orderId: '42', stars: 4 })
})
