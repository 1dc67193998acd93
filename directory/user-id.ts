import { z } from 'zod'

/** A user's id as a system writes it: a string of 1 to 128 characters, or a whole number. */
export const givenUserId = z.union([z.string().trim().min(1).max(128), z.int()])

/** `127` and `"127"` are one user, kept as a string. */
export const userIdOf = (given: z.output<typeof givenUserId>): string => String(given)

/** A user's id in the customer's own system. */
export const userId = givenUserId.transform(userIdOf)
