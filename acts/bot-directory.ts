import type { Logger } from '../config/logger.ts'
import { open, seal } from '../config/vault.ts'
import type { BreakerStatus } from '../directory/breaker.ts'
import { type Directory, openDirectory } from '../directory/directory.ts'
import { type DirectorySettings, directorySettings } from '../directory/settings.ts'
import type { BotRecord } from '../models/bot.ts'
import { Server } from '../models/server.ts'

/** The directories that this process has open: each has a cache and a breaker of its own. */
const opened = new Map<string, { sealed: string; directory: Directory }>()

/**
 * The directory of a bot: its own, or what its server has for bots that have none; undefined where there is neither.
 */
export async function directoryOf(bot: BotRecord, log: Logger): Promise<Directory | undefined> {
  const sealed = await sealedSettings(bot)
  if (!sealed) return undefined
  const known = opened.get(String(bot._id))
  if (known?.sealed === sealed) return known.directory
  const directory = openDirectory(unsealed(sealed), log)
  opened.set(String(bot._id), { sealed, directory })
  return directory
}

/** Whether calls to a bot's directory go through, as this process knows; undefined where it has not called it yet. */
export async function breakerOf(bot: BotRecord): Promise<BreakerStatus | undefined> {
  const known = opened.get(String(bot._id))
  return known && known.sealed === (await sealedSettings(bot)) ? known.directory.breaker : undefined
}

/** How a bot's directory is called, and whether that was set for this bot. */
export async function directorySettingsOf(
  bot: BotRecord,
): Promise<{ settings: DirectorySettings; own: boolean } | undefined> {
  const sealed = await sealedSettings(bot)
  return sealed ? { settings: unsealed(sealed), own: ownSettings(bot) !== undefined } : undefined
}

/** Settings as they are kept: with the token in them they are sealed as a whole. */
export function sealedDirectory(settings: DirectorySettings): string {
  return seal(JSON.stringify(settings)).toString('base64')
}

function unsealed(sealed: string): DirectorySettings {
  return directorySettings.parse(JSON.parse(open(Buffer.from(sealed, 'base64')).toString()))
}

async function sealedSettings(bot: BotRecord): Promise<string | undefined> {
  return ownSettings(bot) ?? (await Server.findById(bot.server, { directory: 1 }).lean())?.directory ?? undefined
}

function ownSettings({ settings }: BotRecord): string | undefined {
  return settings?.directory?.sealed ?? undefined
}
