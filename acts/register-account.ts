import type { Logger } from '../config/logger.ts'
import { UserError } from '../config/user-error.ts'
import type { AccountData } from '../directory/account-data.ts'
import type { Rejection } from '../directory/rejection.ts'
import type { BotRecord } from '../models/bot.ts'
import { directoryOf } from './bot-directory.ts'

/** Has the directory make an account; the same key makes no second one. @throws DirectoryFailure */
export async function registerAccount(
  bot: BotRecord,
  log: Logger,
  data: AccountData,
  key: string,
): Promise<{ userId: string } | { rejected: Rejection }> {
  const directory = await directoryOf(bot, log)
  if (!directory) throw new UserError('link.noDirectory')
  return directory.register(data, key)
}
