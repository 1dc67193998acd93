import { digitsOf, type Location, type Person } from './person.ts'
import { invalid } from './refusal.ts'

type Given = Record<string, unknown>

/** What was sent of a person, checked; a field that was left out stays out, an empty one becomes null where it may. */
export type Changes = Partial<
  Pick<Person, 'firstname' | 'lastname' | 'middlename' | 'role' | 'phone' | 'email' | 'location'>
>

/** @throws Refusal naming the first field that cannot be */
export function changesIn(given: Given): Changes {
  const changes: Changes = {}
  for (const field of ['firstname', 'role'] as const)
    if (given[field] !== undefined && given[field] !== null) changes[field] = required(given, field)
  for (const field of ['lastname', 'middlename'] as const)
    if (given[field] !== undefined) changes[field] = text(given, field)
  if (given.phone !== undefined) changes.phone = phone(given)
  if (given.email !== undefined) changes.email = email(given)
  if (given.location !== undefined) changes.location = location(given)
  return changes
}

/** A person to be registered: a name and one way to reach them. @throws Refusal naming what is missing or cannot be */
export function newPersonIn(given: Given): Changes {
  const changes = changesIn(given)
  if (!changes.firstname) throw invalid('firstname', 'A first name is needed')
  if (!changes.phone && !changes.email) throw invalid('phone', 'A phone or an e-mail is needed')
  return changes
}

function required(given: Given, field: string): string {
  const value = text(given, field)
  if (!value) throw invalid(field, `${field} may not be empty`)
  return value
}

function text(given: Given, field: string): string | null {
  const value = given[field] ?? ''
  if (typeof value !== 'string' || value.length > 100) throw invalid(field, `${field} must be text of up to 100 signs`)
  return value.trim() || null
}

function phone(given: Given): string | null {
  const value = given.phone ?? ''
  const digits = digitsOf(String(value))
  if (value === '') return null
  if (digits.length < 7 || digits.length > 15) throw invalid('phone', 'A phone has 7 to 15 digits')
  return digits
}

function email(given: Given): string | null {
  const value = text(given, 'email')
  if (value && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) throw invalid('email', 'This is no e-mail address')
  return value
}

function location(given: Given): Location | null {
  const place = given.location ?? {}
  if (typeof place !== 'object' || Array.isArray(place))
    throw invalid('location', 'location must hold country, region and city')
  const [country, region, city] = ['country', 'region', 'city'].map((field) => text(place as Given, field))
  if (!country && !region && !city) return null
  return { country: country ?? null, region: region ?? null, city: city ?? null }
}
