import type { ChatMember, User } from 'grammy/types'
import { asUser as botAsUser } from './bots.ts'
import type { Group, Member } from './groups.ts'
import { asUser } from './people.ts'
import type { World } from './world.ts'

const rights = {
  can_be_edited: false,
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  can_pin_messages: true,
}

/** A member as the Bot API shows it; in a group without super nobody is banned, whoever was removed has left. */
export function asChatMember(world: World, { type }: Pick<Group, 'type'>, { id, status }: Member): ChatMember {
  const user = userOf(world, id)
  if (status === 'administrator') return { status, user, ...rights } as ChatMember
  if (status === 'creator') return { status, user, is_anonymous: false }
  if (status === 'kicked') return type === 'group' ? { status: 'left', user } : { status, user, until_date: 0 }
  return { status, user }
}

/** A person or a bot, who is known to be there. */
export function userOf({ people, bots }: World, id: number): User {
  const person = people.get(id)
  if (person) return asUser(person)
  const bot = bots.get(id)
  if (!bot) throw new Error(`The sandbox has lost the user ${id}`)
  return botAsUser(bot)
}
