import { fingerprint } from '../config/vault.ts'
import type { Account } from '../directory/account.ts'
import { digitsOf } from '../directory/phone.ts'
import type { BotRecord } from '../models/bot.ts'

/** What of an account people are told that it changed. */
export const tellableFields = ['lastname', 'firstname', 'middlename', 'phone', 'email', 'location'] as const
export type TellableField = (typeof tellableFields)[number]
/** A fingerprint for each field: of an account nothing is copied, but a change of it must be seen. */
export type Known = Partial<Record<TellableField, string>>
/** What may be told of an account; a null is an empty field. */
export type Told = { [Field in TellableField]?: Account[Field] | null | undefined }

/** All of an account: what it does not name is empty. */
export function knownOf(bot: BotRecord, account: Account): Known {
  return Object.fromEntries(tellableFields.map((field) => [field, print(bot, field, account)]))
}

/** Only what was told. */
export function knownOfTold(bot: BotRecord, told: Told): Known {
  const fields = tellableFields.filter((field) => told[field] !== undefined)
  return Object.fromEntries(fields.map((field) => [field, print(bot, field, told)]))
}

/** What is told otherwise than it was known. Of what was not known nobody can say that it changed. */
export function changedFields(known: Known | null | undefined, told: Known): TellableField[] {
  return tellableFields.filter((field) => known?.[field] && told[field] !== undefined && told[field] !== known[field])
}

function print(bot: BotRecord, field: TellableField, told: Told): string {
  return fingerprint(`known:${bot._id}:${field}`, plain(field, told))
}

function plain(field: TellableField, told: Told): string {
  if (field === 'location') {
    const { country = '', region = '', city = '' } = told.location ?? {}
    return [country, region, city].join('\n')
  }
  const value = told[field]?.trim() ?? ''
  if (field === 'phone') return digitsOf(value)
  return field === 'email' ? value.toLowerCase() : value
}
