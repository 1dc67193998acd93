import { z } from 'zod'
import { askProvider, type ProviderAnswer, statusFailure } from './ask-provider.ts'
import type { SmsFailureReason, SmsGateway, SmsOutcome } from './gateway.ts'

/** Twilio Messages: https://www.twilio.com/docs/messaging/api/message-resource */
export const twilioSettings = z.strictObject({
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/i, 'begins with AC and has 34 characters'),
  /** The SID of an API key, where `secret` is that key's; without it `secret` is the account's auth token. */
  keySid: z
    .string()
    .regex(/^SK[0-9a-f]{32}$/i, 'begins with SK and has 34 characters')
    .optional(),
  secret: z.string().min(1).max(200),
  /** Who sends: a number with +, a name of up to 11 letters and digits, or a messaging service (MG…). */
  from: z
    .string()
    .regex(
      /^(\+\d{7,15}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
      'is a number with +, a name or an MG… SID',
    ),
  apiRoot: z.url({ protocol: /^https?$/ }).default('https://api.twilio.com'),
})
export type TwilioSettings = z.output<typeof twilioSettings>

/** https://www.twilio.com/docs/api/errors; what is not listed is told by the status. */
const reasons: Record<number, SmsFailureReason> = {
  20003: 'credentials',
  20429: 'busy',
  21211: 'number',
  21408: 'number',
  21610: 'number',
  21612: 'number',
  21614: 'number',
}

const errorBody = z.object({ code: z.int().min(1).max(99_999) })
const messageBody = z.object({ status: z.string(), error_code: z.int().min(1).max(99_999).nullish() })
const hopeless = ['failed', 'undelivered', 'canceled']

export function twilioSms({ accountSid, keySid, secret, from, apiRoot }: TwilioSettings): SmsGateway {
  const sender = from.startsWith('MG') ? 'MessagingServiceSid' : 'From'
  const request = {
    method: 'POST',
    url: `${apiRoot.replace(/\/+$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    headers: {
      authorization: `Basic ${Buffer.from(`${keySid ?? accountSid}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  }

  return {
    async send({ to, text }, signal) {
      const body = new URLSearchParams({ To: `+${to}`, [sender]: from, Body: text }).toString()
      const answer = await askProvider({ ...request, body }, signal)
      return 'sent' in answer ? answer : outcomeOf(answer)
    },
  }
}

function outcomeOf({ status, body }: ProviderAnswer): SmsOutcome {
  const said = asJson(body)
  if (status === 201) {
    const message = messageBody.safeParse(said).data
    // A message that was taken has left our hands, whatever the rest of the answer looks like.
    if (!message || !hopeless.includes(message.status)) return { sent: true }
    return failure(status, message.error_code ?? undefined)
  }
  return failure(status, errorBody.safeParse(said).data?.code)
}

function failure(status: number, code: number | undefined): SmsOutcome {
  const known = code === undefined ? undefined : reasons[code]
  return {
    ...statusFailure(status),
    ...(known && { reason: known, mayRepeat: known === 'busy' }),
    ...(code !== undefined && { code }),
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
