import { bodyOf, type Handler, userIdIn } from './call.ts'
import { type Changes, changesIn, newPersonIn } from './given-person.ts'
import type { People } from './people.ts'
import { asAnswer, type Person } from './person.ts'
import { invalid, Refusal } from './refusal.ts'

/** The calls that bots make. */
export function userCalls(people: People): Record<string, Handler> {
  const ways: Record<string, (value: string) => Person[]> = {
    userId: (value) => people.byId(value.trim()),
    email: (value) => people.byEmail(value),
    phone: (value) => people.byPhone(value),
  }

  return {
    'GET /user': ({ query }) => {
      const asked = Object.keys(ways).filter((way) => query.get(way)?.trim())
      const [way = ''] = asked
      if (asked.length !== 1) throw invalid('userId', 'Say one of userId, email and phone')
      const found = ways[way]?.(query.get(way) ?? '') ?? []
      const [first] = found
      if (!first) throw new Refusal(404, 'User not found')
      return found.length === 1 ? asAnswer(first) : found.map(asAnswer)
    },

    'POST /user': (call) => {
      const key = call.headers['idempotency-key']?.toString()
      const known = key && people.registered(key, call.text)
      if (known) return { userId: known }
      const person = newPersonIn(bodyOf(call))
      refuseTaken(person)
      return { userId: people.add(person, key, call.text).userId }
    },

    'PATCH /user': (call) => {
      const body = bodyOf(call)
      const person = people.get(userIdIn(body))
      if (body.role !== undefined) throw invalid('role', 'Only an admin changes a role')
      const changes = changesIn(body)
      refuseTaken(changes, person)
      return asAnswer(people.change(person, changes))
    },

    'POST /user/connect-bot': (call) => {
      const person = people.get(userIdIn(bodyOf(call)))
      if (!person.connectedAt) people.change(person, { connectedAt: new Date().toISOString() })
      return { success: true }
    },

    'POST /user/disconnect-bot': (call) => {
      const person = people.get(userIdIn(bodyOf(call)))
      if (person.connectedAt) people.change(person, { connectedAt: null })
      return { success: true }
    },
  }

  /** Those who share a contact since older times keep it. */
  function refuseTaken({ phone, email }: Changes, own?: Person): void {
    if (phone && phone !== own?.phone && people.byPhone(phone).length > 0)
      throw new Refusal(409, 'This phone belongs to another account', 'phone')
    if (email && email !== own?.email && people.byEmail(email).some((one) => one !== own))
      throw new Refusal(409, 'This e-mail belongs to another account', 'email')
  }
}
