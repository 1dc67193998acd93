import type { User } from 'grammy/types'
import { PeopleApiError } from '../failures.ts'
import { setStatus } from '../group-updates.ts'
import { type Group, isIn } from '../groups.ts'
import type { World } from '../world.ts'
import { announce } from './announce.ts'
import { checkedTitle } from './create.ts'
import { refuseUnlessAdministrator } from './members.ts'

/** Any member may rename a group. */
export function rename(world: World, group: Group, by: User, written: string): void {
  const title = checkedTitle(written)
  if (title === group.title) return
  group.title = title
  world.conversations.changed(group)
  announce(world, group, by, { new_chat_title: title })
}

/** Who announces the beginning of a supergroup at Telegram. */
const anonymous: User = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' }

/** Makes the group a supergroup: a new chat with another id and the same members, which continues the old one. */
export function migrate(world: World, old: Group, by: User): Group {
  if (old.type === 'supergroup') throw new PeopleApiError(409, 'This is a supergroup already')
  refuseUnlessAdministrator(old, by)
  const { title, members, keyboard, lastBot, id } = old
  const group = world.groups.add({
    type: 'supergroup',
    title,
    members: members.filter(isIn).map((member) => ({ ...member })),
    migratedFrom: id,
    ...(keyboard && { keyboard }),
    ...(lastBot !== undefined && { lastBot }),
  })
  for (const member of group.members.filter(({ bot }) => bot)) enter(world, group, by, member)
  announce(world, old, by, { migrate_to_chat_id: group.id })
  world.messages.continueNumbering(id, group.id)
  old.migratedTo = group.id
  world.conversations.changed(old)
  announce(world, group, anonymous, {
    sender_chat: { id: group.id, type: 'supergroup', title },
    migrate_from_chat_id: id,
  })
  return group
}

/** A bot is told that it has come into the supergroup; of the group it hears nothing more. */
function enter(world: World, group: Group, by: User, member: Group['members'][number]): void {
  const { status } = member
  member.status = 'left'
  setStatus(world, group, { member, status, by })
}
