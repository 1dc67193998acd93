import type { SmsFailureReason } from '../channels/sms/gateway.ts'
import type { TextKey } from '../config/i18n.ts'

/** Why an SMS does not leave. */
export type SmsTrouble = SmsFailureReason | 'no gateway'

const texts: Record<SmsTrouble, TextKey> = {
  unreachable: 'sms-trouble.unreachable',
  certificate: 'sms-trouble.certificate',
  'no answer': 'sms-trouble.noAnswer',
  credentials: 'sms-trouble.credentials',
  number: 'sms-trouble.number',
  refused: 'sms-trouble.refused',
  busy: 'sms-trouble.busy',
  failing: 'sms-trouble.failing',
  'no gateway': 'sms-trouble.noGateway',
}

/** The trouble in the words of an admin, and what can be done about it. */
export function troubleText(reason: SmsTrouble): TextKey {
  return texts[reason]
}
