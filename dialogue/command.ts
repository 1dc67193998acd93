import type { VisitContext } from './visit.ts'

/** A command: whom it names (`/x@me`, `/x`, `/x@another`), and the text after it. */
export type Command = { name: string; to: 'me' | 'anyone' | 'another'; payload: string }

/** The command at the beginning of a message. */
export function commandOf({ message, me }: VisitContext): Command | undefined {
  const found = /^\/([a-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?$/is.exec(message?.text ?? '')
  const [, name, addressee, payload] = found ?? []
  if (!name) return undefined
  const mine = addressee?.toLowerCase() === me.username.toLowerCase()
  return {
    name: name.toLowerCase(),
    to: addressee === undefined ? 'anyone' : mine ? 'me' : 'another',
    payload: payload?.trim() ?? '',
  }
}
