import type { Chat as TelegramChat, Update, User } from 'grammy/types'
import type { BotRecord } from '../models/bot.ts'
import { Chat, type ChatRecord } from '../models/chat.ts'
import { storeTime } from '../models/store-clock.ts'
import type { InboxPayload } from '../models/update.ts'
import { type AtDoor, arrive, type Door, goOn } from './arrival.ts'
import { moveChat } from './chat-news.ts'

/**
 * Stands before a bot's dialogues: keeps the record of its groups and channels in line with what the messenger tells, sees to what
 * follows when the bot was added, and answers whether the dialogues get this update. Safe to repeat: what broke off goes on.
 * @throws what kept a step from being done; the update may be tried again
 */
export async function comesIn(
  door: Door,
  eventId: string,
  payload: InboxPayload,
  signal: AbortSignal,
): Promise<boolean> {
  const chat = 'update' in payload ? chatOf(payload.update) : undefined
  if (!chat || !('update' in payload)) return true
  const { message, my_chat_member: membership } = payload.update
  const bot = door.bot()
  const was = { ...door, eventId, signal, chat: faceOf(chat) }
  if (message?.migrate_to_chat_id) await moveChat(bot._id, chat.id, message.migrate_to_chat_id)
  else if (message?.migrate_from_chat_id) await moveChat(bot._id, message.migrate_from_chat_id, chat.id)
  else if (membership) await follow(was, membership)
  else if (message?.left_chat_member && isBot(bot, message.left_chat_member))
    await Chat.leave(bot._id, chat.id, dateOf(message))
  else return hears(was, payload.update)
  return false
}

type Membership = NonNullable<Update['my_chat_member']>

/** The bot was added, removed, or made something else. */
async function follow(was: AtDoor, { from, new_chat_member: now, ...change }: Membership): Promise<void> {
  const { _id } = was.bot()
  const chat = { ...was.chat, administrator: now.status === 'administrator' }
  const at = dateOf(change)
  if (!isMember(now)) return Chat.leave(_id, chat.chat, at)
  const known = await Chat.of(_id, chat.chat)
  if (!known || isNews(was.eventId, at, known)) {
    await arrive({ ...was, chat }, { by: from, at })
    return
  }
  await Chat.see(known, chat)
  await goOn(was, known)
}

/** Whether this is an arrival, and no repeat, no change of a member's rank, nothing that was overtaken by a later change. */
function isNews(eventId: string, at: Date, known: ChatRecord): boolean {
  return known.state === 'left' && known.arrival !== eventId && known.changedAt <= at
}

/** A message or a press in a group. From a group that we know nothing of it is an arrival: the update that told of it was lost. */
async function hears(was: AtDoor, { message, edited_message, callback_query }: Update): Promise<boolean> {
  const bot = was.bot()
  const known = await Chat.of(bot._id, was.chat.chat)
  if (known) {
    await Chat.see(known, was.chat)
    await goOn(was, known)
    return known.state === 'in'
  }
  const spoken = message ?? edited_message ?? callback_query?.message
  const added = message?.new_chat_members?.some((member) => isBot(bot, member))
  const at = spoken ? dateOf(spoken) : storeTime()
  return (await arrive(was, { by: added ? message?.from : undefined, at })).state === 'in'
}

/** The group or channel that an update is of. */
function chatOf({ message, edited_message, callback_query, my_chat_member }: Update): TelegramChat | undefined {
  const chat = (message ?? edited_message ?? callback_query?.message ?? my_chat_member)?.chat
  return chat?.type === 'private' ? undefined : chat
}

function faceOf({ id, type, title }: TelegramChat) {
  return { chat: id, type, title: title ?? String(id) }
}

function isMember(member: Membership['new_chat_member']): boolean {
  if (member.status === 'restricted') return member.is_member
  return member.status !== 'left' && member.status !== 'kicked'
}

function isBot({ botId }: BotRecord, { id }: User): boolean {
  return String(id) === botId
}

function dateOf({ date }: { date: number }): Date {
  return new Date(date * 1000)
}
