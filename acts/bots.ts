import { limits } from '../bot-api/limits.ts'
import type { Locale } from '../config/locales.ts'
import { plainName } from '../config/plain-name.ts'
import { UserError } from '../config/user-error.ts'
import { type ActName, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Invitation } from '../models/invitation.ts'
import { Right } from '../models/right.ts'
import { storeTime } from '../models/store-clock.ts'
import { type Admin, actorOf, authorise, authoriseForAll } from './authorise.ts'
import { forgetBot } from './forget-bot.ts'
import { dropWebhook } from './intake.ts'
import { channelOf, identify, patienceMs, refuseKnown } from './tokens.ts'

/** An error that was mended need not be shown any longer. */
const noError = { lastError: null, lastErrorAt: null }

/**
 * Adds a bot, which then runs; who adds it owns it. Adding the very same once more answers with what stands.
 * @throws UserError as `checkToken` does
 */
export async function addBot(
  admin: Admin,
  token: string,
  { kind, locale }: { kind: string; locale: Locale },
): Promise<BotRecord> {
  await authoriseForAll(admin, 'admin')
  const identity = await identify(admin.server, token)
  const known = await Bot.named(admin.server, identity.botId)
  // After a crash the same wish comes again: it finds its own work.
  if (known && (known.kind !== kind || Bot.token(known) !== token)) refuseKnown(known)
  const bot = known ?? (await Bot.add({ server: admin.server, kind, locale, ...identity }, token))
  await Right.give(admin.server, admin.personId, bot._id, 'owner')
  await record(admin, bot, 'bot.add', { kind })
  return bot
}

/** Asks the messenger again who the bot is. A token that it takes again is alive; one that it refuses is dead. */
export async function checkBot(admin: Admin, botId: string): Promise<BotRecord | null> {
  const bot = await authorise(admin, botId, 'admin')
  try {
    const { name, username, description } = await identify(bot.server, Bot.token(bot))
    return await Bot.change(bot._id, { name, username, description, tokenDeadSince: null, ...noError })
  } catch (error) {
    const refused = error instanceof UserError && error.key === 'error.tokenRefused'
    if (refused && !bot.tokenDeadSince) await Bot.change(bot._id, { tokenDeadSince: storeTime() })
    throw error
  } finally {
    await record(admin, bot, 'bot.check')
  }
}

/** @throws UserError when the token is bad, or another bot's */
export async function replaceToken(admin: Admin, botId: string, token: string): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const identity = await identify(bot.server, token)
  if (identity.botId !== bot.botId) {
    throw new UserError('error.tokenOfAnother', { theirs: identity.username, ours: bot.username })
  }
  await Bot.replaceToken(bot._id, identity, token)
  await Bot.change(bot._id, noError)
  await record(admin, bot, 'bot.replace-token')
}

export async function switchBot(admin: Admin, botId: string, to: 'on' | 'off'): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  await Bot.change(bot._id, { switchedOff: to === 'off' })
  await record(admin, bot, `bot.switch-${to}`)
}

/** Renames a bot in the messenger and here. @throws UserError when the messenger refuses the name */
export async function renameBot(admin: Admin, botId: string, wished: string): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const name = plainName(wished)
  if (name.length > limits.name) throw new UserError('error.nameTooLong', { longest: limits.name })
  const channel = await channelOf(bot.server, Bot.token(bot))
  const answer = await channel.call('setMyName', { name }, AbortSignal.timeout(patienceMs))
  if (!answer.ok) throw new UserError('error.renameRefused', { why: answer.description })
  await Bot.change(bot._id, { name })
  await record(admin, bot, 'bot.rename')
}

/** Removes a bot with all that it knew: people, links, keys, messages, rights. In the messenger it stays. */
export async function removeBot(admin: Admin, botId: string): Promise<BotRecord> {
  const bot = await authorise(admin, botId, 'owner')
  // It must not speak while it is being forgotten. Rights go last: if this breaks off, it is seen switched off and can be removed again.
  await Bot.change(bot._id, { switchedOff: true })
  await dropWebhook(bot)
  await forgetBot(bot)
  await record(admin, bot, 'bot.remove', { username: bot.username })
  await Bot.remove(bot._id)
  await Invitation.dropBot(bot._id)
  await Right.dropBot(bot._id)
  return bot
}

function record(admin: Admin, bot: BotRecord, act: ActName, details?: object) {
  return Audit.record(bot.server, bot._id, actorOf(admin), act, details)
}
