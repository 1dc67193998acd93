import { z } from 'zod'
import { isWellFormed, malformed } from '../config/well-formed.ts'

const allowed = 'must be a string of 1 to 128 characters or a whole number'

/** A user's id as a system writes it: a string of 1 to 128 characters, or a whole number. Spaces around it do not count. */
export const givenUserId = z.union(
  [z.string().trim().min(1, allowed).max(128, allowed).refine(isWellFormed, malformed), z.int(allowed)],
  allowed,
)

/** `127` and `"127"` are one user, kept as a string. */
export const userIdOf = (given: z.output<typeof givenUserId>): string => String(given)

/** A user's id in the customer's own system. */
export const userId = givenUserId.transform(userIdOf)
