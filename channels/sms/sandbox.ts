import { z } from 'zod'
import { askProvider, statusFailure } from './ask-provider.ts'
import type { SmsGateway } from './gateway.ts'

export const sandboxSmsSettings = z.strictObject({ url: z.url({ protocol: /^https?$/ }) })
export type SandboxSmsSettings = z.output<typeof sandboxSmsSettings>

/** The phones of the people in a sandbox; a number that nobody there has is none. */
export function sandboxSms({ url }: SandboxSmsSettings): SmsGateway {
  const request = {
    method: 'POST',
    url: `${url.replace(/\/+$/, '')}/api/sms`,
    headers: { 'content-type': 'application/json' },
  }
  return {
    async send(sms, signal) {
      const answer = await askProvider({ ...request, body: JSON.stringify(sms) }, signal)
      if ('sent' in answer) return answer
      if (answer.status === 200) return { sent: true }
      const failure = statusFailure(answer.status)
      return answer.status === 404 ? { ...failure, reason: 'number' } : failure
    },
  }
}
