import { asTyped } from '../config/as-typed.ts'
import type { TextKey } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { isWellFormed } from '../config/well-formed.ts'
import type { Talk, TextAnswer } from '../dialogue/talk.ts'
import { type AccountData, email } from '../directory/account-data.ts'

/** What a person is asked for, one question each. The phone is proven instead. */
export const accountFields = ['firstname', 'lastname', 'email', 'location'] as const
export type AccountField = (typeof accountFields)[number]

const longestWord = 100
const questions = {
  firstname: 'account-fields.firstname',
  lastname: 'account-fields.lastname',
  email: 'account-fields.email',
  location: 'account-fields.location',
} as const satisfies Record<AccountField, TextKey>

/** Asks for one field. An e-mail and a place need not be told; then nothing is answered. */
export async function askField(talk: Talk, field: AccountField): Promise<AccountData> {
  if (field === 'firstname' || field === 'lastname') return { [field]: await talk.ask(questions[field], {}, word) }
  const skip = [{ value: 'skip', label: talk.t('account-fields.skip') }] as const
  if (field === 'email') {
    const answer = await talk.chooseOrType(questions.email, skip, {}, emailIn)
    return 'typed' in answer ? { email: answer.typed } : {}
  }
  const answer = await talk.chooseOrType(questions.location, skip, {}, placeIn)
  return 'typed' in answer ? { location: answer.typed } : {}
}

/** A field as it is read back. */
export function inWords(data: AccountData, field: AccountField | 'phone'): string {
  if (field === 'location') return placeInWords(data.location)
  if (field === 'phone') return data.phone ? `+${data.phone}` : '–'
  return data[field] || '–'
}

export function placeInWords(place: AccountData['location'] | null): string {
  return [place?.country, place?.region, place?.city].filter(Boolean).join(', ') || '–'
}

function word({ text }: TextAnswer): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  if (plain.length > longestWord || !isWellFormed(plain) || !/\p{L}/u.test(plain))
    throw new UserError('account-fields.noName', { longest: longestWord })
  return plain
}

function emailIn({ text }: TextAnswer): string {
  const given = email.safeParse(asTyped(text))
  if (!given.success || given.data.length > 200) throw new UserError('account-fields.noEmail')
  return given.data
}

/** `Uzbekistan, Tashkent region, Tashkent`; of two the country and the city, of one the city. */
function placeIn({ text }: TextAnswer): { country?: string; region?: string; city?: string } {
  const parts = text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter(Boolean)
  const [first, second, third] = parts
  const fine = first !== undefined && parts.length <= 3 && parts.every((part) => part.length <= longestWord)
  if (!fine || !isWellFormed(text)) throw new UserError('account-fields.noPlace')
  if (third !== undefined) return { country: first, ...(second && { region: second }), city: third }
  return second === undefined ? { city: first } : { country: first, city: second }
}
