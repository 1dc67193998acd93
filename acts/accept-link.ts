import { tAll } from '../config/i18n.ts'
import type { Logger } from '../config/logger.ts'
import { UserError } from '../config/user-error.ts'
import { DirectoryFailure } from '../directory/failure.ts'
import type { BotRecord } from '../models/bot.ts'
import { Errand } from '../models/errand.ts'
import type { AccountNote } from '../models/link.ts'
import { directoryOf } from './bot-directory.ts'
import { freshAccount } from './find-account.ts'
import { noteOf } from './join.ts'
import { ofAccount } from './link-account.ts'
import { tellOnce } from './tell-once.ts'

type Wish = { personId: number; userId: string; key: string; share: boolean }

/**
 * Asks a bot's directory to accept a link that a specialist makes, and answers what is then known of the account;
 * `held` when it does not
 * answer: then the person is told that it is being finished, and a job makes the link. Without a directory nobody
 * has to accept.
 * @throws UserError when the directory knows no such user
 */
export async function acceptLink(bot: BotRecord, log: Logger, wish: Wish): Promise<AccountNote | 'held'> {
  const { personId, userId, key, share } = wish
  const directory = await directoryOf(bot, log)
  if (!directory) return noteOf(bot, userId, {})
  try {
    const isThere = (await directory.connectBot(userId, key)) === 'done'
    const account = isThere ? await freshAccount(bot, log, userId) : undefined
    if (!account) throw new UserError('error.directoryKnowsNoUser', { userId })
    return noteOf(bot, userId, ofAccount(bot, account))
  } catch (error) {
    if (!(error instanceof DirectoryFailure)) throw error
    await Errand.postpone(await Errand.connect({ bot: bot._id, personId, userId, key, joining: { share } }))
    await tellOnce(bot, { personId }, { text: tAll('link.beingFinished') }, `held:${key}`)
    return 'held'
  }
}
