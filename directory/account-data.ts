import { z } from 'zod'
import { digitsOf } from './phone.ts'

const word = z.string().trim().min(1).max(200)
/** Letters of any language; the host has a dot in it, and no punctuation that was typed behind it. */
export const email = z.email({ pattern: /^[^\s@"]{1,64}@[^\s@.,;:]+(?:\.[^\s@.,;:]+)+$/u })
const sentUserId = z
  .string()
  .min(1)
  .max(128)
  .meta({ description: 'As a string, also where your ids are numbers', examples: ['127'] })

/** What a person tells of himself, as it is sent to the directory: what is not known is left out. */
export const accountData = z.object({
  firstname: word.meta({ examples: ['Ada'] }).optional(),
  lastname: word.meta({ examples: ['Lovelace'] }).optional(),
  middlename: word.meta({ examples: ['Byron'] }).optional(),
  role: word.meta({ examples: ['user'] }).optional(),
  phone: z
    .string()
    .overwrite(digitsOf)
    .regex(/^\d{5,15}$/)
    .meta({ description: 'With the country, as digits', examples: ['79187777777'] })
    .optional(),
  email: email.meta({ examples: ['ada@example.com'] }).optional(),
  location: z
    .object({
      country: word.meta({ examples: ['Uzbekistan'] }).optional(),
      region: word.meta({ examples: ['Tashkent region'] }).optional(),
      city: word.meta({ examples: ['Tashkent'] }).optional(),
    })
    .optional(),
})
export type AccountData = z.input<typeof accountData>

/** The account whose person connected or disconnected the bot. */
export const connection = z.object({ userId: sentUserId })

/** What the person changed of an account: what is left out stays as it is. */
export const accountChange = accountData.extend({ userId: sentUserId })

/** How an account is asked for: by one of the three. */
export const question = z.union([
  z.strictObject({ userId: z.string().trim().min(1) }),
  z.strictObject({ email: z.string().trim().min(1) }),
  z.strictObject({ phone: z.string().overwrite(digitsOf).min(1) }),
])
export type Question = z.input<typeof question>
