import type { Message, User } from 'grammy/types'

/** What a service message tells, as a client shows it; undefined for a message that somebody wrote. */
export function serviceText(message: Message): string | undefined {
  const who = nameOf(message.from)
  if (message.group_chat_created) return `${who} created the group “${title(message)}”`
  if (message.new_chat_members) return joined(message.from, message.new_chat_members)
  if (message.left_chat_member) return left(message.from, message.left_chat_member)
  if (message.new_chat_title) return `${who} renamed the group to “${message.new_chat_title}”`
  if (message.migrate_to_chat_id) return `${who} made the group a supergroup`
  return message.migrate_from_chat_id ? 'The group is a supergroup now' : undefined
}

function joined(by: User | undefined, members: User[]): string {
  if (members.every(({ id }) => id === by?.id)) return `${nameOf(by)} joined the group`
  return `${nameOf(by)} added ${members.map(nameOf).join(', ')}`
}

function left(by: User | undefined, member: User): string {
  return member.id === by?.id ? `${nameOf(member)} left the group` : `${nameOf(by)} removed ${nameOf(member)}`
}

function title({ chat }: Message): string {
  return 'title' in chat ? (chat.title ?? '') : ''
}

function nameOf(user: User | undefined): string {
  return user ? [user.first_name, user.last_name].filter(Boolean).join(' ') : 'Somebody'
}
