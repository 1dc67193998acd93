import type { Message, Update, User } from 'grammy/types'
import { placeOf } from './any-chat.ts'
import { asChatMember } from './chat-member.ts'
import { nowInSeconds } from './conversations.ts'
import { type Group, isAdministrator, isIn, type Member, presentIn } from './groups.ts'
import { isMeantFor } from './privacy.ts'
import { serviceText } from './service-text.ts'
import type { World } from './world.ts'

/** Tells the bots of a group what a person wrote or changed: those that may read everything, and those it is meant for. */
export function tellBots(world: World, group: Group, kind: 'message' | 'edited_message', message: Message): void {
  const original =
    message.reply_to_message && world.messages.get(...placeOf(group), message.reply_to_message.message_id)
  for (const member of presentIn(group, 'bots')) {
    const bot = world.bots.get(member.id)
    if (!bot) continue
    const reads = member.readsAll || isAdministrator(member) || serviceText(message) !== undefined
    if (reads || isMeantFor(bot, message, { lastBot: group.lastBot, original }))
      world.updates.add(bot, kind, { [kind]: message as NonNullable<Update['message']> })
  }
}

/** Gives somebody another place in a group, and tells the bots that are to hear of it. */
export function setStatus(
  world: World,
  group: Group,
  { member, status, by }: { member: Member; status: Member['status']; by: User },
): void {
  const before = asChatMember(world, group, member)
  member.status = status
  world.conversations.changed(group)
  const change = {
    chat: { id: group.id, type: group.type, title: group.title },
    from: by,
    date: nowInSeconds(),
    old_chat_member: before,
    new_chat_member: asChatMember(world, group, member),
  }
  for (const { id } of group.members.filter((one) => one.bot && one.id !== member.id && isAdministrator(one)))
    tell(world, id, { chat_member: change })
  if (member.bot) tell(world, member.id, { my_chat_member: change })
  // Whoever has gone is no onlooker any more.
  else if (!isIn(member)) world.events.publish({ event: 'chat', person: member.id, peer: group.id })
}

function tell({ bots, updates }: World, id: number, update: Pick<Update, 'chat_member' | 'my_chat_member'>): void {
  const bot = bots.get(id)
  if (bot) updates.add(bot, update.chat_member ? 'chat_member' : 'my_chat_member', update)
}
