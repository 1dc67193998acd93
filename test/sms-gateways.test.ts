import { expect, test } from 'vitest'
import type { SmsOutcome } from '../channels/sms/gateway.ts'
import { openSmsGateway, smsSettings } from '../channels/sms/gateways.ts'
import { startTestSandbox } from '../sandbox/test/start.ts'
import { startProvider } from './sms-provider.ts'

const patience = () => AbortSignal.timeout(15_000)
const accountSid = `AC${'0'.repeat(32)}`
const keySid = `SK${'1'.repeat(32)}`
const service = `MG${'2'.repeat(32)}`
const sms = { to: '998901234567', text: 'Code 012345 & more' }
const twilio = (settings: object) =>
  openSmsGateway(smsSettings.parse({ gateway: 'twilio', twilio: { accountSid, secret: 't0ken', ...settings } }))

test('Twilio gets a message as it wants it', async () => {
  const provider = await startProvider({ status: 201, body: '{"sid": "SM1", "status": "queued", "error_code": null}' })
  const gateway = twilio({ from: '+15005550006', apiRoot: `${provider.url}/` })
  expect(await gateway.send(sms, patience())).toEqual({ sent: true })
  const [asked] = provider.asked
  expect(asked).toMatchObject({ method: 'POST', path: `/2010-04-01/Accounts/${accountSid}/Messages.json` })
  expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from(`${accountSid}:t0ken`).toString('base64')}`)
  const form = Object.fromEntries(new URLSearchParams(asked?.body))
  expect(form).toEqual({ To: '+998901234567', From: '+15005550006', Body: sms.text })
})

test('Twilio sends by a messaging service, with an API key', async () => {
  const provider = await startProvider({ status: 201, body: '{"status": "accepted"}' })
  await twilio({ from: service, keySid, apiRoot: provider.url }).send(sms, patience())
  const [asked] = provider.asked
  expect(asked?.path).toContain(accountSid)
  expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from(`${keySid}:t0ken`).toString('base64')}`)
  expect(new URLSearchParams(asked?.body).get('MessagingServiceSid')).toBe(service)
})

test.each<[number, object | string, Partial<SmsOutcome>]>([
  [400, { code: 21211, message: "The 'To' number +998901234567 is not valid" }, { reason: 'number', code: 21211 }],
  [400, { code: 21610 }, { reason: 'number', code: 21610 }],
  [400, { code: 21617 }, { reason: 'refused', code: 21617 }],
  [401, { code: 20003 }, { reason: 'credentials', code: 20003 }],
  [429, { code: 20429 }, { reason: 'busy', mayRepeat: true, code: 20429 }],
  [503, '<html>', { reason: 'busy', mayRepeat: true }],
  [500, { code: 998901234567 }, { reason: 'failing' }],
  [201, { status: 'failed', error_code: 30007 }, { reason: 'refused', code: 30007 }],
])('Twilio answers %d %j', async (status, said, failure) => {
  const body = typeof said === 'string' ? said : JSON.stringify(said)
  const provider = await startProvider({ status, body })
  const outcome = await twilio({ from: 'Shop', apiRoot: provider.url }).send(sms, patience())
  expect(outcome).toEqual({ sent: false, mayRepeat: false, status, ...failure })
})

test.each([{ accountSid: 'AC1' }, { from: '998901234567' }, { from: 'A name too long' }, { secret: '' }])(
  'Twilio is not set up by %j',
  (wrong) => {
    const settings = { accountSid, secret: 't0ken', from: 'Shop', ...wrong }
    expect(smsSettings.safeParse({ gateway: 'twilio', twilio: settings }).success).toBe(false)
  },
)

test("the sandbox's phones receive SMS, and a number that nobody has is told", async () => {
  const sandbox = await startTestSandbox()
  const alice = await sandbox.person('Alice')
  const gateway = openSmsGateway(smsSettings.parse({ gateway: 'sandbox', sandbox: { url: sandbox.url } }))
  const to = alice.person.phone.slice(1)
  expect(await gateway.send({ ...sms, to }, patience())).toEqual({ sent: true })
  expect((await alice.phone.receives('Code')).text).toBe(sms.text)
  const nobody = await gateway.send(sms, patience())
  expect(nobody).toEqual({ sent: false, reason: 'number', mayRepeat: false, status: 404 })
  await sandbox.close()
  const closed = await gateway.send({ ...sms, to }, patience())
  expect(closed).toMatchObject({ sent: false, reason: 'unreachable', mayRepeat: true })
})
