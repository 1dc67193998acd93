import type { Chat } from 'grammy/types'
import { asUser, type Person } from './people.ts'

/** The private chat with a person, as messages carry it. */
export function privateChat(person: Person): Chat.PrivateChat {
  const { id, first_name, last_name, username } = asUser(person)
  return { id, type: 'private', first_name, ...(last_name && { last_name }), ...(username && { username }) }
}
