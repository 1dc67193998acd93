import type { User } from 'grammy/types'
import { t } from '../config/i18n.ts'
import { type Locale, localeOf } from '../config/locales.ts'
import { plainName } from '../config/plain-name.ts'
import type { Outbound } from '../delivery/outbound.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { type ArrivalStep, Chat, type ChatFace, type ChatRecord } from '../models/chat.ts'
import { Right } from '../models/right.ts'
import { metabotKind } from './authorise.ts'
import { announce, type Offer } from './tell-admins.ts'

/** Where updates of a bot come in. */
export type Door = { bot: () => BotRecord; reply: Outbound['reply'] }
/** An update in a group at the door. */
export type AtDoor = Door & { eventId: string; signal: AbortSignal; chat: ChatFace }
type Who = { person: string | null | undefined; title: string }
type Adding = { by: User | undefined; at: Date }

/** What follows each verdict, in order. Each step is marked as done, so that a repeat takes up those that are left. */
const stepsAfter = {
  in: [],
  waiting: ['tell asked'],
  left: ['say', 'leave', 'tell refused'],
} as const satisfies Record<ChatRecord['state'], readonly ArrivalStep[]>

/** The bot was added to a chat, or found itself in one. Who may not be there says so and leaves; its admins are told, or asked. */
export async function arrive(door: AtDoor, { by, at }: Adding): Promise<ChatRecord> {
  const bot = await Bot.byId(door.bot()._id).orFail()
  const { chat } = door
  const state = await verdict(bot, chat, by)
  const moved = state === 'in' ? null : await movedHere(door, chat)
  if (moved) return moved
  const addedBy = by && { id: by.id, name: nameOf(by) }
  const steps = [...stepsAfter[state]]
  const record = await Chat.arrive(bot._id, { ...chat, state, steps, addedBy, changedAt: at, arrival: door.eventId })
  await goOn(door, record, languageOf(bot, by))
  return record
}

/** Takes the steps that are left, speaking a language. @throws when one could not be taken */
export async function goOn(
  door: AtDoor,
  { _id, chat, title, addedBy, steps }: ChatRecord,
  locale = languageOf(door.bot()),
): Promise<void> {
  for (const step of steps) {
    if (step === 'say') await settle(door, 'sendMessage', { text: t(locale, 'door.notAllowed') })
    else if (step === 'leave') await settle(door, 'leaveChat', {})
    else await tell(door.bot(), chat, step, { person: addedBy?.name, title })
    await Chat.stepDone(_id, step)
  }
}

async function verdict(bot: BotRecord, { chat }: ChatFace, by: User | undefined): Promise<ChatRecord['state']> {
  // Nobody sets Metabot's own policy: it is let in by those whom it serves.
  if (bot.kind === metabotKind) return by && (await Right.of(bot.server, by.id)).length > 0 ? 'in' : 'left'
  if ((await Chat.of(bot._id, chat))?.allowed || bot.chatPolicy === 'enabled') return 'in'
  return bot.chatPolicy === 'ask' ? 'waiting' : 'left'
}

/**
 * A group that became a supergroup looks as if the bot was added to another chat. Whoever is asked for the old one names the new one, and
 * the outlet follows.
 */
async function movedHere({ bot, reply, signal }: AtDoor, { chat, type, title }: ChatFace): Promise<ChatRecord | null> {
  if (type !== 'supergroup') return null
  const { _id } = bot()
  for (const old of await Chat.groupsTitled(_id, title))
    await reply('sendChatAction', { chat_id: old.chat, action: 'typing' }, signal)
  const here = await Chat.of(_id, chat)
  return here && here.state !== 'left' ? here : null
}

/** A step that need not be taken any more counts as taken: the bot may not write there, or is no longer there. */
async function settle(door: AtDoor, method: string, payload: Record<string, unknown>): Promise<void> {
  const answer = await door.reply(method, { chat_id: door.chat.chat, ...payload }, door.signal)
  if (answer.ok || answer.error_code === 400 || answer.error_code === 403) return
  throw new Error(`${method} in a chat where the bot may not be failed: ${answer.description}`)
}

async function tell(bot: BotRecord, chat: number, step: 'tell refused' | 'tell asked', who: Who): Promise<void> {
  const id = String(bot._id)
  const allow: Offer = { text: 'door.allowThere', press: { menu: 'chat.allow', args: [id, String(chat)] } }
  const policy: Offer = { text: 'door.policy', press: { menu: 'chats.policy', args: [id] } }
  const leave: Offer = { text: 'door.leave', press: { menu: 'chat.leave', args: [id, String(chat)] } }
  if (step === 'tell refused') {
    const key = who.person ? 'door.refused' : 'door.refusedBySomebody'
    await announce(bot, { key, params: who }, [allow, policy])
  } else {
    const key = who.person ? 'door.asked' : 'door.askedBySomebody'
    await announce(bot, { key, params: who }, [allow, leave])
  }
}

function languageOf(bot: BotRecord, by?: User): Locale {
  return localeOf(by?.language_code) ?? localeOf(bot.locale) ?? 'en'
}

function nameOf({ first_name, last_name, username }: User): string {
  const name = [first_name, last_name].filter(Boolean).join(' ')
  return plainName(username ? `${name} (@${username})` : name)
}
