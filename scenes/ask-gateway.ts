import { places } from '../acts/rule-in-words.ts'
import { checkHttp, type HttpDraft, headersIn, type TwilioDraft, twilioPartIn } from '../acts/sms-settings.ts'
import type { Talk } from '../dialogue/talk.ts'
import { askSecret } from './ask-secret.ts'

/** Examples that work, of providers that people really use. */
const examples = {
  GET: 'https://sms.ru/sms/send?api_id=YOUR-KEY&to={{to}}&msg={{text}}&json=1',
  POST: 'https://notify.eskiz.uz/api/message/sms/send',
  PUT: 'https://sms.example.com/v1/messages',
  headers: 'Authorization: Bearer YOUR-TOKEN',
  json: '{"recipient": "{{to}}", "text": "{{text}}"}',
  form: 'mobile_phone={{to}}&message={{text}}&from=4546',
  success: '"status_code": ?100',
}

/** The request by which a provider takes an SMS, part by part. What may hold a secret is deleted from the chat. */
export async function askHttpGateway(talk: Talk): Promise<HttpDraft> {
  const method = await talk.choose('ask-gateway.askMethod', ['POST', 'GET', 'PUT'])
  const url = await askSecret(talk, 'ask-gateway.askUrl', { example: examples[method], ...places }, (typed) => {
    // Without a body all of it stands in the address.
    checkHttp({ method, url: typed }, method === 'GET' ? ['url', 'body'] : ['url'])
    return typed
  })
  const headers = await askHeaders(talk)
  const body = method === 'GET' ? {} : await askBody(talk, { method, url })
  const success = await askSuccess(talk)
  return { method, url, headers, ...body, ...(success && { success: { body: success } }) }
}

async function askHeaders(talk: Talk): Promise<Record<string, string>> {
  const wanted = await talk.choose('ask-gateway.askWhetherHeaders', [
    { value: 'yes', label: talk.t('ask-gateway.typeHeaders') },
    { value: 'no', label: talk.t('ask-gateway.noHeaders') },
  ])
  return wanted === 'no' ? {} : askSecret(talk, 'ask-gateway.askHeaders', { example: examples.headers }, headersIn)
}

async function askBody(talk: Talk, draft: HttpDraft): Promise<Pick<HttpDraft, 'format' | 'body'>> {
  const format = await talk.choose('ask-gateway.askFormat', [
    { value: 'json', label: 'JSON' },
    { value: 'form', label: talk.t('ask-gateway.form') },
  ])
  const body = await askSecret(talk, 'ask-gateway.askBody', { example: examples[format], ...places }, (typed) => {
    checkHttp({ ...draft, format, body: typed }, ['body'])
    return typed
  })
  return { format, body }
}

/** What the answer to a success reads like; undefined where its status says it. */
async function askSuccess(talk: Talk): Promise<string | undefined> {
  const byStatus = { value: 'status', label: talk.t('ask-gateway.byStatus') }
  const given = await talk.chooseOrType(
    'ask-gateway.askSuccess',
    [byStatus],
    { example: examples.success },
    ({ text }) => {
      checkHttp({ url: '', success: { body: text } }, ['success'])
      return text
    },
  )
  return 'typed' in given ? given.typed : undefined
}

/** The account at Twilio: by its auth token, or by an API key. */
export async function askTwilio(talk: Talk): Promise<TwilioDraft> {
  const accountSid = await talk.ask('ask-gateway.askAccount', {}, ({ text }) => twilioPartIn('accountSid', text))
  const by = await talk.choose('ask-gateway.askTwilioBy', [
    { value: 'token', label: 'Auth Token' },
    { value: 'key', label: 'API Key' },
  ])
  const keySid =
    by === 'key' ? await talk.ask('ask-gateway.askKeySid', {}, ({ text }) => twilioPartIn('keySid', text)) : undefined
  const secret = await askSecret(talk, 'ask-gateway.askTwilioSecret', {}, (typed) => twilioPartIn('secret', typed))
  const from = await talk.ask('ask-gateway.askFrom', {}, ({ text }) => twilioPartIn('from', text))
  return { accountSid, secret, from, ...(keySid && { keySid }) }
}
