import { z } from 'zod'
import type { SmsGateway } from './gateway.ts'
import { httpSms, httpSmsSettings } from './http.ts'
import { sandboxSms, sandboxSmsSettings } from './sandbox.ts'
import { twilioSettings, twilioSms } from './twilio.ts'

/** How a bot's SMS leave. The settings hold secrets: whoever stores them seals them. */
export const smsSettings = z.discriminatedUnion('gateway', [
  z.object({ gateway: z.literal('http'), http: httpSmsSettings }),
  z.object({ gateway: z.literal('twilio'), twilio: twilioSettings }),
  z.object({ gateway: z.literal('sandbox'), sandbox: sandboxSmsSettings }),
])
export type SmsSettings = z.output<typeof smsSettings>

/** Opens no connection before the first SMS. */
export function openSmsGateway(settings: SmsSettings): SmsGateway {
  if (settings.gateway === 'http') return httpSms(settings.http)
  return settings.gateway === 'twilio' ? twilioSms(settings.twilio) : sandboxSms(settings.sandbox)
}
