import { expect, test } from 'vitest'
import { openSmsGateway, smsSettings } from '../channels/sms/gateways.ts'
import { type Answers, startProvider } from './sms-provider.ts'

const sms = { to: '998901234567', text: 'Код "012345" & привет +1\n{{to}}' }
const patience = () => AbortSignal.timeout(15_000)
const gateway = (http: object) => openSmsGateway(smsSettings.parse({ gateway: 'http', http }))
const json = '{"phone": "+{{to}}", "message": "{{text}}"}'

test('a JSON body carries number and text, escaped, with the headers that were set', async () => {
  const provider = await startProvider({ status: 202 })
  const headers = { Authorization: 'Bearer s3cret' }
  const sent = await gateway({ url: `${provider.url}/send`, headers, body: json }).send(sms, patience())
  expect(sent).toEqual({ sent: true })
  const [asked] = provider.asked
  expect(asked).toMatchObject({ method: 'POST', path: '/send', headers: { authorization: 'Bearer s3cret' } })
  expect(asked?.headers['content-type']).toBe('application/json')
  expect(JSON.parse(asked?.body ?? '')).toEqual({ phone: `+${sms.to}`, message: sms.text })
})

test('a form carries them as a form', async () => {
  const provider = await startProvider({ status: 200 })
  await gateway({ url: provider.url, format: 'form', body: 'msisdn=%2B{{to}}&text={{text}}&from=Shop' }).send(
    sms,
    patience(),
  )
  expect(provider.asked[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  const form = new URLSearchParams(provider.asked[0]?.body)
  expect(Object.fromEntries(form)).toEqual({ msisdn: `+${sms.to}`, text: sms.text, from: 'Shop' })
})

test('an address carries them as a query', async () => {
  const provider = await startProvider({ status: 200 })
  const url = `${provider.url}/send/{{to}}?key=s3cret&text={{text}}`
  expect(await gateway({ method: 'GET', url }).send(sms, patience())).toEqual({ sent: true })
  const asked = new URL(provider.asked[0]?.path ?? '', provider.url)
  expect(provider.asked[0]).toMatchObject({ method: 'GET', body: '' })
  expect(asked.pathname).toBe(`/send/${sms.to}`)
  expect(Object.fromEntries(asked.searchParams)).toEqual({ key: 's3cret', text: sms.text })
})

test('half an emoji breaks no request', async () => {
  const provider = await startProvider({ status: 200 })
  const url = `${provider.url}/?to={{to}}&text={{text}}`
  expect(await gateway({ url }).send({ ...sms, text: 'half \ud83d' }, patience())).toEqual({ sent: true })
})

test.each<[string, Answers, object]>([
  ['a wrong key', { status: 401 }, { reason: 'credentials', mayRepeat: false, status: 401 }],
  ['a key without the right', { status: 403 }, { reason: 'credentials', mayRepeat: false, status: 403 }],
  ['a refusal', { status: 422, body: 'bad number' }, { reason: 'refused', mayRepeat: false, status: 422 }],
  ['too many', { status: 429 }, { reason: 'busy', mayRepeat: true, status: 429 }],
  ['a rest', { status: 503 }, { reason: 'busy', mayRepeat: true, status: 503 }],
  ['a breakdown', { status: 500, body: '<h1>Oops</h1>' }, { reason: 'failing', mayRepeat: false, status: 500 }],
  ['another place', { status: 302, headers: { location: '/' } }, { reason: 'refused', mayRepeat: false, status: 302 }],
  ['a connection broken off', 'broken off', { reason: 'no answer', mayRepeat: false }],
])('tells %s', async (_, answers, failure) => {
  const provider = await startProvider(answers)
  expect(await gateway({ url: provider.url, body: json }).send(sms, patience())).toEqual({ sent: false, ...failure })
  expect(provider.asked).toHaveLength(1)
})

test('an SMS that was given up before it left may be repeated, one without an answer may not', async () => {
  const provider = await startProvider('silence')
  const one = gateway({ url: provider.url, body: json })
  expect(await one.send(sms, AbortSignal.timeout(1000))).toEqual({ sent: false, reason: 'no answer', mayRepeat: false })
  expect(await one.send(sms, AbortSignal.abort())).toEqual({ sent: false, reason: 'unreachable', mayRepeat: true })
  expect(provider.asked).toHaveLength(1)
})

test('where nobody listens the SMS may be repeated', async () => {
  const elsewhere = new URL((await startProvider({ status: 200 })).url)
  elsewhere.hostname = '127.0.0.2'
  expect(await gateway({ url: elsewhere.href, body: json }).send(sms, patience())).toEqual({
    sent: false,
    reason: 'unreachable',
    mayRepeat: true,
  })
})

test('a connection that cannot be trusted carries nothing', async () => {
  const provider = await startProvider({ status: 200 })
  const plain = provider.url.replace('http:', 'https:')
  const outcome = await gateway({ url: plain, body: json }).send(sms, patience())
  expect(outcome).toEqual({ sent: false, reason: 'certificate', mayRepeat: false })
  expect(provider.asked).toEqual([])
})

test('success is what the status and the body say together', async () => {
  const provider = await startProvider({ status: 200, body: '{"status": "ok", "id": 7}' })
  const success = { statuses: [200], body: '"status":\\s*"ok"' }
  const one = gateway({ url: provider.url, body: json, success })
  expect(await one.send(sms, patience())).toEqual({ sent: true })
  for (const answers of [
    { status: 200, body: '{"status": "error"}' },
    { status: 201, body: '{"status": "ok"}' },
  ]) {
    provider.answers = answers
    const { status } = answers
    expect(await one.send(sms, patience())).toEqual({ sent: false, reason: 'refused', mayRepeat: false, status })
  }
})

test('a pattern that never comes to an end holds nothing up, nor does an answer without one', async () => {
  const provider = await startProvider({ status: 200, body: `${'a'.repeat(60)}!` })
  const started = performance.now()
  const slow = gateway({ url: provider.url, body: json, success: { body: '^(a+)+$' } })
  expect(await slow.send(sms, patience())).toMatchObject({ reason: 'refused' })
  provider.answers = { status: 200, body: 'x'.repeat(20_000_000) }
  expect(await gateway({ url: provider.url, body: json }).send(sms, patience())).toEqual({ sent: true })
  expect(performance.now() - started).toBeLessThan(10_000)
})

const url = 'https://sms.example/send'
test.each([
  ['{{phone}} is not known', { url: `${url}?to={{phone}}&text={{text}}` }],
  ['{{text}} stands nowhere', { url: `${url}?to={{to}}` }],
  ['{{to}} stands nowhere', { url, body: '{"text": "{{text}}"}' }],
  ['%2B{{to}}', { url: `${url}?to=+{{to}}&text={{text}}` }],
  ['%2B{{to}}', { url, format: 'form', body: 'to=+{{to}}&text={{text}}' }],
  ['https://', { url: 'sms.example/{{to}}/{{text}}' }],
  ['https://', { url: 'file:///{{to}}/{{text}}' }],
  ['cannot choose the host', { url: 'https://{{to}}.example/{{text}}' }],
  ['Authorization header', { url: 'https://me:s3cret@sms.example/{{to}}/{{text}}' }],
  ['{{text}} needs quotes', { url, body: '{"to": {{to}}, "text": {{text}}}' }],
  ['GET carries no body', { url, method: 'GET', body: json }],
  ['regular expression', { url, body: json, success: { body: '(' } }],
  ['no header takes', { url, body: json, headers: { 'X-Key': 's3cret\nX-Other: 1' } }],
  ['set by the connection', { url, body: json, headers: { Host: 'elsewhere' } }],
])('settings are refused with the remedy: %s', (remedy, http) => {
  const { success, error } = smsSettings.safeParse({ gateway: 'http', http })
  expect(success).toBe(false)
  expect(error?.message).toContain(remedy)
  expect(error?.message).not.toContain('s3cret')
})

test('a number may stand in JSON without quotes', () => {
  const body = '{"to": {{to}}, "text": "{{text}}"}'
  expect(smsSettings.safeParse({ gateway: 'http', http: { url, body } }).success).toBe(true)
})
