import { z } from 'zod'
import { digitsOf } from './phone.ts'
import { respell, type Spellings } from './respell.ts'
import { userId } from './user-id.ts'

/** The names that directories give to what we read. */
export const spellings = {
  userId: ['userId', 'id'],
  firstname: ['firstname', 'name'],
  lastname: ['lastname', 'surname'],
  middlename: ['middlename', 'patronymic'],
  role: ['role'],
  active: ['active', 'isActive'],
  phone: ['phone'],
  email: ['email'],
  location: ['location'],
} as const satisfies Spellings

const placeSpellings = { country: ['country'], region: ['region'], city: ['city'] } as const satisfies Spellings

/** What is only shown is left out when it is of another form; what decides rights or proves an account is not guessed at. */
const shown = z.string().trim().optional().catch(undefined)
const word = z.union([z.string().trim(), z.int().transform(String)])
const yesOrNo = z.union([z.boolean(), z.int().min(0).max(1).transform(Boolean), z.stringbool()])
const digits = z.union([z.string(), z.int()]).transform((phone) => digitsOf(String(phone)) || undefined)

const place = z.preprocess(
  respell(placeSpellings),
  z.object({
    country: shown.meta({ examples: ['Uzbekistan'] }),
    region: shown.meta({ examples: ['Tashkent region'] }),
    city: shown.meta({ examples: ['Tashkent'] }),
  }),
)

/** An account as a directory sends it, in any of its spellings; read, it is an `Account`. */
export const account = z.preprocess(
  respell(spellings),
  z.object({
    userId: userId.meta({ description: also('userId', 'A string or a whole number') }),
    firstname: shown.meta({ description: also('firstname'), examples: ['Ada'] }),
    lastname: shown.meta({ description: also('lastname'), examples: ['Lovelace'] }),
    middlename: shown.meta({ description: also('middlename'), examples: ['Byron'] }),
    role: word.optional().meta({ description: 'Chooses the menu that the person sees' }),
    active: yesOrNo.default(true).meta({ description: also('active', 'False is an account that is switched off') }),
    phone: digits.optional().meta({ description: 'Only its digits count' }),
    email: z
      .string()
      .trim()
      .optional()
      .meta({ examples: ['ada@example.com'] }),
    location: place.optional().catch(undefined),
  }),
)

/** What the directory knows of a user: in our names, the phone as digits, what was not told left out. */
export type Account = Readonly<z.output<typeof account>>

/** The answer to a registration: of all that may be sent only who it is counts. */
export const registered = z.preprocess(
  respell({ userId: spellings.userId }),
  z.object({ userId: userId.meta({ description: also('userId', 'The new account') }) }),
)

function also(field: keyof typeof spellings, description = ''): string {
  const others = spellings[field].slice(1).map((name) => `\`${name}\``)
  return [description, `Also read as ${others.join(', ')}`].filter(Boolean).join('. ')
}
