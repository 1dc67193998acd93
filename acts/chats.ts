import { mongo } from 'mongoose'
import { limits } from '../bot-api/limits.ts'
import { normalizeUsername } from '../bot-api/usernames.ts'
import { tAll } from '../config/i18n.ts'
import { plainName } from '../config/plain-name.ts'
import { UserError } from '../config/user-error.ts'
import { tellChat } from '../delivery/notify.ts'
import { type ActName, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Chat, type ChatPolicy, type ChatRecord, chatPolicies } from '../models/chat.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { channelOf, patienceMs } from './tokens.ts'

/**
 * The bot that an admin names by its id, `nick`, `@nick` or a link, in any letter case.
 * @throws UserError, one and the same for a bot that is not here and for one that is not theirs
 */
export async function namedBot(admin: Admin, typed: string): Promise<BotRecord> {
  const bot = await Bot.named(admin.server, normalizeUsername(typed))
  if (!bot) throw new UserError('error.noSuchBot')
  return authorise(admin, bot._id, 'admin').catch((error) => {
    throw error instanceof UserError ? new UserError('error.noSuchBot') : error
  })
}

/** What the messenger itself lets a bot do in groups; undefined where it does not say, or does not answer. */
export type GroupRights = { mayJoin: boolean | undefined; hearsAll: boolean | undefined }

/** Whether a bot may be added to chats, by our word and by the messenger's. */
export async function chatPolicy(
  admin: Admin,
  botId: string,
): Promise<{ bot: BotRecord; policy: ChatPolicy; messenger: GroupRights }> {
  const bot = await authorise(admin, botId, 'admin')
  const channel = await channelOf(bot.server, Bot.token(bot))
  const me = await channel.call('getMe', {}, AbortSignal.timeout(patienceMs))
  const said = (me.ok ? me.result : {}) as { can_join_groups?: boolean; can_read_all_group_messages?: boolean }
  const messenger = { mayJoin: said.can_join_groups, hearsAll: said.can_read_all_group_messages }
  return { bot, policy: bot.chatPolicy ?? 'disabled', messenger }
}

/** Sets whether a bot may be added to chats. Those that it is in stay; *enabled* lets it into those where it waits. */
export async function setChatPolicy(admin: Admin, botId: string, wished: string): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const policy = chatPolicies.find((one) => one === wished)
  if (!policy) throw new UserError('error.staleButton')
  await Bot.change(bot._id, { chatPolicy: policy })
  if (policy === 'enabled') await Chat.allowWaiting(bot._id)
  await record(admin, bot, 'chats.set-policy', { policy })
}

const order = ['waiting', 'in', 'left']

/** The chats that a bot is or was in; those first that wait for an admin's word. */
export async function chatsOf(admin: Admin, botId: string): Promise<{ bot: BotRecord; chats: ChatRecord[] }> {
  const bot = await authorise(admin, botId, 'viewer')
  const chats = await Chat.ofBot(bot._id)
  return { bot, chats: chats.sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state)) }
}

/** @throws UserError when the bot has no such chat */
export async function chatOf(admin: Admin, botId: string, id: number): Promise<ChatRecord> {
  const bot = await authorise(admin, botId, 'viewer')
  return found(bot, id)
}

/** Lets a bot into one chat, whatever the policy: now, when it waits there, else when it is added again. */
export async function allowChat(admin: Admin, botId: string, id: number): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const { chat } = await found(bot, id)
  await Chat.allow(bot._id, chat, true)
  await record(admin, bot, 'chats.allow', { chat })
}

/**
 * Makes a bot leave a chat; an admin's word that it may be there ends too.
 * @throws UserError when the messenger does not answer
 */
export async function leaveChat(admin: Admin, botId: string, id: number): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const { chat } = await found(bot, id)
  const channel = await channelOf(bot.server, Bot.token(bot))
  const answer = await channel.call('leaveChat', { chat_id: chat }, AbortSignal.timeout(patienceMs))
  // 400 and 403: it is not there any more.
  if (!answer.ok && ![400, 403].includes(answer.error_code)) throw new UserError('error.messengerUnreachable')
  await Chat.allow(bot._id, chat, false)
  await Chat.leave(bot._id, chat)
  await record(admin, bot, 'chats.leave', { chat })
}

/**
 * Names a chat, so that `notify` reaches it.
 * @throws UserError when the name is too long, or another chat of this bot has it
 */
export async function nameChat(admin: Admin, botId: string, id: number, wished: string): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const { chat } = await found(bot, id)
  const name = plainName(wished)
  if (name.length > limits.name) throw new UserError('error.nameTooLong', { longest: limits.name })
  await Chat.call(bot._id, chat, name).catch((error) => {
    if (error instanceof mongo.MongoServerError && error.code === 11000) throw new UserError('error.chatNameTaken')
    throw error
  })
  await record(admin, bot, 'chats.name', { chat })
}

/**
 * Sends a few words to a chat, the way every notification goes.
 * @throws UserError when the bot is not in it
 */
export async function sendTestToChat(admin: Admin, botId: string, id: number): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const chat = await found(bot, id)
  const content = { text: tAll('chats.test'), format: 'html' as const }
  const { queued } = await tellChat(bot, chat, content, actorOf(admin))
  if (queued === 0) throw new UserError('error.notInChat')
  await record(admin, bot, 'chats.test', { chat: chat.chat })
}

/** A chat by its id, or by the one that it had before it became a supergroup. */
async function found({ _id }: BotRecord, id: number): Promise<ChatRecord> {
  const record = Number.isSafeInteger(id) ? ((await Chat.of(_id, id)) ?? (await Chat.formerly(_id, id))) : null
  if (!record) throw new UserError('error.chatGone')
  return record
}

function record(admin: Admin, bot: BotRecord, act: ActName, details: object) {
  return Audit.record(bot.server, bot._id, actorOf(admin), act, details)
}
