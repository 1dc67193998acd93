import type { BotIdentity } from '../models/bot.ts'
import { type ServerRecord, sandboxId } from '../models/server.ts'

/** The link that opens a chat with a bot, and hands `payload` (1-64 of `[A-Za-z0-9_-]`) over at Start. */
export function startLink(
  { _id, apiRoot }: Pick<ServerRecord, '_id' | 'apiRoot'>,
  { username }: Pick<BotIdentity, 'username'>,
  payload: string,
): string {
  const chat = _id === sandboxId ? `${apiRoot}/#/chat/${username}` : `https://t.me/${username}`
  return `${chat}?start=${payload}`
}
