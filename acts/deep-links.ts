import { toDataURL } from 'qrcode'
import { UserError } from '../config/user-error.ts'
import { type Actor, Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Server, type ServerRecord } from '../models/server.ts'
import { StartLink } from '../models/start-link.ts'
import { storeTime } from '../models/store-clock.ts'
import { linkingSettingsOf } from './linking-ways.ts'
import { startLink } from './start-link.ts'

/** What a link of ours begins with, behind `?start=`. */
const prefix = 'l-'

/** A link that connects whoever opens it first to a user, and its picture as a `data:` URL of a PNG. */
export type DeepLink = { url: string; qr: string; expiresAt: Date }

/** @throws UserError when an admin has switched deep links off for this bot */
export async function createDeepLink(
  bot: BotRecord,
  { userId, validForMs, by }: { userId: string; validForMs: number; by: Actor },
): Promise<DeepLink> {
  if (!linkingSettingsOf(bot).deepLink) throw new UserError('api.deepLinksOff')
  const expiresAt = new Date(storeTime().getTime() + validForMs)
  const code = await StartLink.make(bot._id, userId, expiresAt)
  await Audit.record(bot.server, bot._id, by, 'link.create', { userId })
  const server = await Server.findById(bot.server).lean<ServerRecord>().orFail()
  const url = startLink(server, bot, prefix + code)
  return { url, qr: await toDataURL(url, { margin: 2, width: 320 }), expiresAt }
}

/** The code of a link of ours, if that is what a person came by. */
export function deepLinkCodeIn(payload: string): string | undefined {
  return payload.startsWith(prefix) ? payload.slice(prefix.length) : undefined
}

/**
 * The user that a link connects to. @throws UserError when it is unknown, was used by somebody else, or is past its
 * time
 */
export async function openDeepLink(bot: BotRecord, personId: number, code: string): Promise<string> {
  if (!linkingSettingsOf(bot).deepLink) throw new UserError('link.deepLinkUnknown')
  const opened = await StartLink.open(bot._id, code, personId)
  if ('userId' in opened) return opened.userId
  throw new UserError(
    `link.deepLink${opened.refused === 'unknown' ? 'Unknown' : opened.refused === 'used' ? 'Used' : 'Expired'}`,
  )
}
