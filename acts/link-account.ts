import { tAll } from '../config/i18n.ts'
import type { Logger } from '../config/logger.ts'
import type { Account } from '../directory/account.ts'
import { DirectoryFailure } from '../directory/failure.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Errand, type ErrandRecord, type Joining } from '../models/errand.ts'
import { Key } from '../models/key.ts'
import { Person, phonePrint } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { directoryOf } from './bot-directory.ts'
import { freshAccount } from './find-account.ts'
import { type Join, join } from './join.ts'
import { knownOf } from './known-fields.ts'
import { dropWish } from './part.ts'
import { tellOnce, toFirstPage } from './tell-once.ts'

/**
 * What was proved: who the person is, and by which number if by one. `key` names the wish: the same once more is the
 * same linking.
 */
export type Proof = {
  userId: string
  key: string
  account?: Account | undefined
  phone?: string | undefined
  share?: boolean
}

/**
 * `linked`: the greeting is on its way. `held`: the directory did not answer, a job goes on. `gone`: it knows no such
 * user any more.
 */
export type Linking = 'linked' | 'held' | 'gone'

/** After this long a directory that never answered is not asked any more. */
const giveUpAfterMs = 7 * 86_400_000

/** Links a person who proved to be a user, as soon as the directory accepts it: its call ends every linking. */
export async function linkAccount(bot: BotRecord, log: Logger, personId: number, proof: Proof): Promise<Linking> {
  const { userId, key } = proof
  const joining = await joiningOf(bot, personId, proof)
  const errand = await Errand.connect({ bot: bot._id, personId, userId, key, joining })
  const linking = await connect(bot, log, errand)
  if (linking === 'held') await Errand.postpone(errand)
  return linking
}

/**
 * Links a person whom the directory has connected by itself. An errand as well: what breaks off is finished, and
 * greeted.
 */
export async function linkAccepted(bot: BotRecord, log: Logger, { joining, ...wish }: Join): Promise<void> {
  const errand = await Errand.connect({ ...wish, bot: bot._id, joining: { ...joining, accepted: true } })
  if ((await connect(bot, log, errand)) === 'held') await Errand.postpone(errand)
}

/** Runs an errand whose time has come. Twice is as good as once. */
export async function runErrand(id: string, nextAt: Date, log: Logger): Promise<void> {
  const errand = await Errand.take(id, nextAt)
  if (!errand) return
  const bot = await Bot.byId(errand.bot)
  if (!bot) return Errand.done(errand)
  if (errand.what === 'connect') await goOnConnecting(bot, log, errand)
  else await disconnect(bot, log, errand)
}

async function goOnConnecting(bot: BotRecord, log: Logger, errand: ErrandRecord): Promise<void> {
  const linking = await connect(bot, log, { ...errand, joining: unread(errand.joining) })
  if (linking === 'linked') return
  const over = storeTime().getTime() - errand.madeAt.getTime() > giveUpAfterMs
  if (linking === 'held' && !over) {
    await Errand.postpone(errand)
    return
  }
  const text = tAll(linking === 'gone' ? 'link.gone' : 'link.givenUp')
  await Key.retire(bot._id, errand.personId)
  await tellOnce(bot, errand, { text, next: toFirstPage }, `ended:${errand.key}`)
  await Errand.done(errand)
}

async function connect(bot: BotRecord, log: Logger, errand: ErrandRecord): Promise<Linking> {
  const { personId, userId, key } = errand
  const joining = await accepted(bot, log, errand)
  if (joining === 'held') return 'held'
  if (joining === 'gone') return dropped(errand)
  // Given up meanwhile, by unlinking or by a later wish: the directory has to take back what it has just accepted.
  if (await Errand.stands(errand)) await join(bot, { personId, userId, key, joining })
  else await dropWish(bot, errand)
  await Errand.done(errand)
  return 'linked'
}

/**
 * Has the directory accept the link, and reads the account unless that was just done: nobody is linked to what could
 * not be read.
 */
async function accepted(
  bot: BotRecord,
  log: Logger,
  { userId, key, joining }: ErrandRecord,
): Promise<Joining | 'held' | 'gone'> {
  const directory = await directoryOf(bot, log)
  if (!directory) return joining ?? {}
  try {
    if (!joining?.accepted && (await directory.connectBot(userId, key)) === 'not found') return 'gone'
    if (joining?.known) return joining
    const account = await freshAccount(bot, log, userId)
    return account ? { ...joining, ...ofAccount(bot, account) } : 'gone'
  } catch (error) {
    if (error instanceof DirectoryFailure) return 'held'
    throw error
  }
}

/** What is to be, without what was read of the account a while ago. */
function unread(joining: Joining | null | undefined): Joining {
  const { known: _, inactive: _inactive, ...rest } = joining ?? {}
  return rest
}

async function dropped(errand: ErrandRecord): Promise<'gone'> {
  // The first attempt is a scene's, which says it itself.
  if (errand.attempts === 0) await Errand.done(errand)
  return 'gone'
}

async function disconnect(bot: BotRecord, log: Logger, errand: ErrandRecord): Promise<void> {
  const { userId, key } = errand
  const directory = await directoryOf(bot, log)
  const mayHaveHeard = errand.attempts > 1
  try {
    if (!(await isWishedAgain(bot, errand))) await directory?.disconnectBot(userId, key)
    // What was to be told is not so any more.
    else if (!mayHaveHeard) return Errand.done(errand)
    // Linked again while it was told: the two calls may have crossed.
    if (await isWishedAgain(bot, errand)) await directory?.connectBot(userId, `${key}:again`)
    await Errand.done(errand)
  } catch (error) {
    if (!(error instanceof DirectoryFailure)) throw error
    const over = storeTime().getTime() - errand.madeAt.getTime() > giveUpAfterMs
    if (over) await Errand.done(errand)
    else await Errand.postpone(errand)
  }
}

/** Whether somebody was linked to the user, or is being linked, since the errand was made. */
async function isWishedAgain(bot: BotRecord, { userId, madeAt }: ErrandRecord): Promise<boolean> {
  const [linked, connecting] = await Promise.all([
    Person.ofUsers(bot._id, [userId]),
    Errand.connectingTo(bot._id, userId),
  ])
  return connecting.length > 0 || linked.some(({ linkedAt }) => linkedAt && linkedAt > madeAt)
}

async function joiningOf(bot: BotRecord, personId: number, { userId, account, phone, share }: Proof): Promise<Joining> {
  const person = await Person.of(bot._id, personId)
  return {
    again: person?.formerUserId === userId,
    ...(share && { share }),
    ...(account && ofAccount(bot, account)),
    ...(phone && { phonePrint: phonePrint(bot._id, phone) }),
  }
}

/** What a link will hold of an account. */
export function ofAccount(bot: BotRecord, account: Account): Joining {
  const { role, active } = account
  return { ...(role && { role }), inactive: !active, known: knownOf(bot, account) }
}
