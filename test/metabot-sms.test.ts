import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { smsSettingsOf } from '../acts/bot-sms.ts'
import { sendSms, tellCapReached, tellSmsFails } from '../acts/sms.ts'
import { capIn, prefixIn } from '../acts/sms-caps.ts'
import { headersIn } from '../acts/sms-settings.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { Bot } from '../models/bot.ts'
import { SmsCount } from '../models/sms-count.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { botNamed, openOfCard, writtenIn } from './metabot-world.ts'
import { startProvider } from './sms-provider.ts'

let colony: Colony
let metabot: PersonChat

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  await colony.addBot({ name: 'Desk', username: 'desk_bot', kind: 'Notifications' })
  metabot = colony.admin.chat('metabot')
})
afterAll(() => colony.close())

const openMenu = (bot = /Shop/) => openOfCard(metabot, bot, /^SMS$/)

async function sendTest(to: string): Promise<void> {
  await metabot.presses('Send a test')
  await metabot.sees('To which number shall the test go?')
  await metabot.sends(to)
}

/** Sets a provider up that takes JSON by POST; with headers that hold a secret. */
async function setUpHttp(url: string): Promise<void> {
  await openMenu()
  await metabot.presses(/^Set up/)
  await metabot.presses('A provider with an HTTP API')
  await metabot.presses('POST')
  await metabot.sees('Type the address of the request')
  await metabot.sends(url)
  await metabot.presses('Type headers')
  await metabot.sees('Type the headers, one a line')
  await metabot.sends('X-Api-Key: secret-of-the-provider')
  await metabot.presses('JSON')
  await metabot.sees('Type the body, with {{to}} and {{text}}')
  await metabot.sends('{"recipient": "{{to}}", "text": "{{text}}"}')
  await metabot.sees('How does the provider say')
  await metabot.sends('"accepted": ?true')
  await metabot.sees('It is set.')
}

test('in the sandbox a test goes to a phone there, with nothing set', async () => {
  await openMenu()
  await metabot.sees('SMS go to the phones of the people in the sandbox.')
  const { phone } = colony.user.person
  await sendTest(`${phone.slice(0, 4)} ${phone.slice(4)}`)
  await colony.user.phone.receives('SMS of Shop reach you here')
  await metabot.sees('The provider has taken it')
  await metabot.sees('Sent today: 1 of 1000.')
  await sendTest('+15551234567')
  await metabot.sees('the provider cannot send to this number')
  await metabot.sees('Sent today: 1 of 1000.')
})

test('a provider is set up part by part, by an example each, and its secrets are deleted', async () => {
  const provider = await startProvider({ status: 200, body: '{"accepted": true}' })
  await setUpHttp(`${provider.url}/send?key=secret-in-the-address`)
  await metabot.sees(`SMS leave by a request to ${new URL(provider.url).host}.`)
  await sendTest('+998901234567')
  await metabot.sees('The provider has taken it')
  const [asked] = provider.asked
  expect(asked).toMatchObject({ method: 'POST', path: '/send?key=secret-in-the-address' })
  expect(asked?.headers['x-api-key']).toBe('secret-of-the-provider')
  expect(JSON.parse(asked?.body ?? '')).toEqual({
    recipient: '998901234567',
    text: 'This is a test: SMS of Shop reach you here.',
  })
  expect(await writtenIn(metabot)).not.toMatch(/secret-(of-the-provider|in-the-address)/)
})

test('what becomes of a test is told in plain words', async () => {
  const provider = await startProvider({ status: 200 })
  await setUpHttp(provider.url)
  for (const [answers, words] of [
    [{ status: 200, body: '{"accepted": false}' }, 'The provider has not taken it'],
    [{ status: 401 }, 'the provider does not know us'],
    [{ status: 429 }, 'the provider takes nothing just now'],
    [{ status: 500 }, 'The provider broke down'],
    ['broken off', 'The provider has not answered'],
  ] as const) {
    provider.answers = answers
    await sendTest('+998 90 123-45-68')
    await metabot.sees(words)
  }
  await setUpHttp(await addressWhereNobodyListens())
  await sendTest('+998 90 123-45-68')
  await metabot.sees('the provider cannot be reached')
  await sendTest('12')
  await metabot.sees('This is no phone number that I know')
  await metabot.sends('/cancel')
})

test('what no provider could take is refused in words', async () => {
  await openMenu()
  await metabot.presses(/^Set up/)
  await metabot.presses('A provider with an HTTP API')
  await metabot.presses('GET')
  for (const [typed, words] of [
    ['sms.example.com', 'An address begins with https:// or http://'],
    ['https://sms.example.com/?to={{to}}', '{{text}} stands nowhere'],
    ['https://sms.example.com/?to={{phone}}&text={{text}}', 'I do not know {{phone}}. I fill in {{to}}'],
    ['https://sms.example.com/?to=+{{to}}&text={{text}}', 'Write %2B{{to}} in place of +{{to}}'],
    ['https://me:pw@sms.example.com/?to={{to}}&text={{text}}', 'A login does not stand in the address'],
    ['https://{{to}}.example.com/?text={{text}}', 'cannot stand in the host'],
    [`https://sms.example.com/${'x'.repeat(2000)}`, 'This is too long: 2000 characters at most'],
  ] as const) {
    await metabot.sends(typed)
    await metabot.sees(words)
  }
  await metabot.sends('/cancel')
  for (const [typed, key] of [
    ['no header', 'rule.headerCharacters'],
    ['Host: example.com', 'rule.headerOfConnection'],
  ] as const)
    expect(() => headersIn(typed)).toThrow(key)
  expect(headersIn('A: 1\nX-Time: 10:30')).toEqual({ A: '1', 'X-Time': '10:30' })
})

test('Twilio is set up by its SIDs, and removed again', async () => {
  await openMenu()
  await metabot.presses(/^Set up/)
  await metabot.presses('Twilio')
  await metabot.sends('SK00')
  await metabot.sees('This is no such SID: it begins with AC')
  await metabot.sends(`AC${'0'.repeat(32)}`)
  await metabot.presses('API Key')
  await metabot.sends(`SK${'1'.repeat(32)}`)
  await metabot.sees('Type the secret')
  await metabot.sends('a-secret-of-twilio')
  await metabot.sees('Who is the sender?')
  await metabot.sends('somebody whom nobody knows')
  await metabot.sees('The sender is a number with a plus')
  await metabot.sends('+15551234567')
  await metabot.sees('SMS leave by Twilio, from +15551234567.')
  expect(await smsSettingsOf(await botNamed('shop_bot'))).toMatchObject({
    own: true,
    settings: {
      twilio: { accountSid: `AC${'0'.repeat(32)}`, keySid: `SK${'1'.repeat(32)}`, secret: 'a-secret-of-twilio' },
    },
  })
  expect(await writtenIn(metabot)).not.toContain('a-secret-of-twilio')
  await metabot.presses('Remove')
  await metabot.sees('Remove this way for SMS?')
  await metabot.presses('Remove')
  await metabot.sees('SMS go to the phones of the people in the sandbox.')
})

test('caps are set, for the day and for a country, and a reached one is told once', async () => {
  await openMenu(/Desk/)
  await metabot.presses('Daily cap')
  await metabot.sends('many')
  await metabot.sees('Type a whole number from 0 to 1000000')
  await metabot.sends('1')
  await metabot.sees('Sent today: 0 of 1.')
  await metabot.presses('Country cap')
  await metabot.sends('Atlantis')
  await metabot.sees('No country has this code')
  await metabot.sends('uz')
  await metabot.sees('How many SMS a day may go to +998?')
  await metabot.sends('5000')
  await metabot.sees('+998: 5000 a day')
  await metabot.presses('Country cap')
  await metabot.sends('+998')
  await metabot.presses('As to any other')
  await metabot.sees('Every country: 100 a day')
  await sendTest(colony.user.person.phone)
  await metabot.sees('Desk (@desk_bot) has sent 1 SMS today, which is its daily cap')
  await tellCapReached(await botNamed('desk_bot'))
  await sendTest(colony.user.person.phone)
  await metabot.sees('The daily cap of this bot is reached')
  expect(await alerts('daily cap. Nobody gets')).toBe(1)
  await metabot.presses('Open SMS')
  await metabot.sees('Sent today: 1 of 1.')
  expect([capIn('10 000'), prefixIn('7'), prefixIn('ru'), prefixIn('00998')]).toEqual([10_000, '7', '7', '998'])
})

test('that SMS do not leave is told at most once an hour, and not of a single number', async () => {
  const bot = await botNamed('shop_bot')
  await tellSmsFails(bot, 'number')
  await Promise.all([tellSmsFails(bot, 'credentials'), tellSmsFails(bot, 'credentials')])
  await metabot.sees(/SMS of Shop \(@shop_bot\) do not leave\.\s.*the provider does not know us/)
  await tellSmsFails(bot, 'unreachable')
  expect(await alerts('do not leave')).toBe(1)
  await SmsCount.updateOne({ _id: `${bot._id}:fails` }, { forgetAt: new Date(Date.now() - 1) })
  await tellSmsFails(bot, 'unreachable')
  await metabot.sees('the provider cannot be reached')
  expect(await alerts('do not leave')).toBe(2)
})

test('without a gateway nothing is sent, and that is the answer', async () => {
  const { _id } = await botNamed('desk_bot')
  const elsewhere = { ...(await Bot.byId(_id).orFail()), server: 'telegram' }
  const sms = { to: '998901234567', text: 'Hello' }
  expect(await sendSms(elsewhere, sms, AbortSignal.timeout(1000))).toEqual({ sent: false, reason: 'no gateway' })
})

async function addressWhereNobodyListens(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

async function alerts(words: string): Promise<number> {
  return (await metabot.messages()).filter(({ text }) => text?.includes(words)).length
}
