import { UserError } from '../config/user-error.ts'

const longest = 128

/** A user's id in the customer's own system, as an admin typed it. */
export function userIdOf(typed: string): string {
  if (typed.length > longest) throw new UserError('error.userIdTooLong', { longest })
  return typed
}
