import { type TellBot, updateOf } from './bot-news.ts'
import type { BotSetting } from './bot-setting.ts'
import { bodyOf, type Handler, userIdIn } from './call.ts'
import { changesIn } from './given-person.ts'
import type { People } from './people.ts'
import { digitsOf, type Person } from './person.ts'

const mostShown = 200

/** The calls of the admin page; an answer tells how the bot took the news. */
export function adminCalls(people: People, bot: BotSetting): Record<string, Handler> {
  const told: TellBot = async (call, params) => {
    await people.saved()
    return bot.tell(call, params)
  }

  return {
    'GET /admin/people': ({ query }) => {
      const found = people.all().filter(matching(query.get('q') ?? ''))
      return { total: found.length, people: found.slice(0, mostShown) }
    },

    'GET /bot': () => bot.shown(),

    'PUT /bot': (call) => {
      bot.set(bodyOf(call))
      return bot.shown()
    },

    'PATCH /admin/person': async (call) => {
      const body = bodyOf(call)
      const person = people.change(people.get(userIdIn(body)), changesIn(body))
      return { person, told: await told('users/update', updateOf(person)) }
    },

    'POST /admin/person/block': async (call) => {
      const body = bodyOf(call)
      const reason = String(body.reason ?? '').trim()
      const person = people.change(people.get(userIdIn(body)), { active: false, blockReason: reason || null })
      return { person, told: await told('users/block', { userId: person.userId, ...(reason && { reason }) }) }
    },

    'POST /admin/person/unblock': async (call) => {
      const person = people.change(people.get(userIdIn(bodyOf(call))), { active: true, blockReason: null })
      return { person, told: await told('users/unblock', { userId: person.userId }) }
    },

    'POST /admin/person/delete': async (call) => {
      const person = people.get(userIdIn(bodyOf(call)))
      people.delete(person)
      return { person, told: await told('users/delete', { userId: person.userId }) }
    },
  }
}

/** Whose id, name, e-mail, role or phone holds what was typed. */
function matching(typed: string): (person: Person) => boolean {
  const wanted = typed.trim().toLowerCase()
  const digits = /^[\d\s()+-]+$/.test(wanted) ? digitsOf(wanted) : ''
  return ({ userId, firstname, middlename, lastname, email, role, phone }) => {
    if (digits && phone?.includes(digits)) return true
    const words = [userId, firstname, middlename, lastname, email, role].filter((word) => word !== null)
    return words.join(' ').toLowerCase().includes(wanted)
  }
}
