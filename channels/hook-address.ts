import type { TextKey } from '../config/i18n.ts'
import { publicUrlSetting } from '../config/public-url.ts'
import { fingerprint } from '../config/vault.ts'
import type { BotRecord } from '../models/bot.ts'
import type { ServerRecord } from '../models/server.ts'

/** Where a messenger brings a bot's events; or the sentence that says which setting is missing for it. */
export function hookAddress(server: ServerRecord, bot: BotRecord): { url: string } | { missing: TextKey } {
  const base = publicUrlSetting()
  if (!base) return { missing: 'error.publicUrlMissing' }
  if (!base.startsWith('https:') && !isOnThisMachine(server.apiRoot)) return { missing: 'error.publicUrlNotHttps' }
  return { url: base + pathOf(server, bot) }
}

/** Whether an address is this bot's, be it of an earlier PUBLIC_URL: another installation has another record, and with it another id. */
export function isOurs(url: string, server: ServerRecord, bot: BotRecord): boolean {
  return URL.parse(url)?.pathname.endsWith(pathOf(server, bot)) ?? false
}

/** What the messenger shows with all that it brings. It follows from the secret key, so every process knows it. */
export function hookSecret(bot: BotRecord): string {
  return fingerprint('hook', String(bot._id))
}

function pathOf({ channel }: ServerRecord, { _id }: BotRecord): string {
  return `/hooks/${channel}/${_id}`
}

function isOnThisMachine(apiRoot: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(apiRoot).hostname)
}
