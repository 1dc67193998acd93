import { z } from 'zod'
import { isWellFormed, malformed } from '../../../config/well-formed.ts'

/** A short text of the customer's system. */
export const word = z.string().trim().max(200).refine(isWellFormed, malformed)

/** There is nothing to say beside `success: true`. */
export const done = z.object({})
