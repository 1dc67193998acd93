import { typedPhone } from '../../../directory/phone.ts'

/** Whether words look like a code, a key or a phone: what proves who somebody is, and so is for nobody else to read. */
export function isProof(text: string): boolean {
  const typed = text.trim()
  return /^\d{6}$/.test(typed) || /^\d{4}[\s-]?\d{4}$/.test(typed) || typedPhone(typed) !== undefined
}
