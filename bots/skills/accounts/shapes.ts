import { z } from 'zod'
import { isWellFormed, malformed } from '../../../config/well-formed.ts'

const text = z.string().trim().refine(isWellFormed, malformed)

/** A short text of the customer's system. */
export const word = text.max(200)

/** What is told to the person as it is. */
export const sentences = text.max(1000)

/** There is nothing to say beside `success: true`. */
export const done = z.object({})
