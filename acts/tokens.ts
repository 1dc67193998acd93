import { isToken } from '../bot-api/token.ts'
import type { BotInfo } from '../channels/channel.ts'
import { openChannel } from '../channels/channels.ts'
import { plainName } from '../config/plain-name.ts'
import { UserError } from '../config/user-error.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Server, type ServerRecord } from '../models/server.ts'
import { type Admin, authoriseForAll, metabotKind } from './authorise.ts'

/** How long an admin is kept waiting for the messenger. */
export const patienceMs = 10_000

/** A bot's way to its messenger, for a single question. */
export async function channelOf(server: string, token: string) {
  return openChannel(await Server.findById(server).lean<ServerRecord>().orFail(), token)
}

/**
 * Asks the messenger whose token this is.
 * @throws UserError when it is no token, when the messenger refuses it (revoked or wrong), and when the messenger does not answer
 */
export async function identify(server: string, token: string): Promise<BotInfo> {
  if (!isToken(token)) throw new UserError('error.tokenMalformed')
  const answer = await (await channelOf(server, token)).identify(AbortSignal.timeout(patienceMs))
  if (answer.ok) return { ...answer.result, name: plainName(answer.result.name) }
  if (answer.error_code === 401 || answer.error_code === 404) throw new UserError('error.tokenRefused')
  throw new UserError('error.messengerUnreachable')
}

/**
 * Whose token this is, for a bot that is to be added.
 * @throws UserError as `identify` does, and when the bot is here already or is Metabot itself
 */
export async function checkToken(admin: Admin, token: string): Promise<BotInfo> {
  await authoriseForAll(admin, 'admin')
  const identity = await identify(admin.server, token)
  refuseKnown(await Bot.named(admin.server, identity.botId))
  return identity
}

export function refuseKnown(known: BotRecord | null): void {
  if (!known) return
  throw new UserError(known.kind === metabotKind ? 'error.tokenOfMetabot' : 'error.botAlreadyAdded')
}
