import { type Actor, Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Errand, type ErrandRecord } from '../models/errand.ts'
import { Key } from '../models/key.ts'
import { Link } from '../models/link.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { Reminder } from '../models/reminder.ts'
import { directorySettingsOf } from './bot-directory.ts'
import { type Tidings, tellOnce } from './tell-once.ts'

/** How a link ends. */
export type Parting = {
  how: 'disconnected' | 'deleted'
  /** What the person is told, if anything. */
  tell?: Tidings
  /** The directory does not know it yet. */
  news?: boolean
  /** Another link follows, perhaps by the key. */
  keepsKey?: boolean
  by: Actor
}

/**
 * Ends a link: what waits for the person is cancelled, the key serves no more. The link itself goes last: until then
 * a repeat finds all of it to do again.
 */
export async function part(
  bot: BotRecord,
  person: PersonRecord,
  { how, tell, news, keepsKey, by }: Parting,
): Promise<void> {
  const { personId, userId } = person
  if (!userId) return
  await Delivery.cancel(bot._id, personId)
  await Reminder.dropOf(bot._id, personId)
  if (!keepsKey) await Key.retire(bot._id, personId)
  if (news && (await isLast(bot, person)) && (await directorySettingsOf(bot)))
    await Errand.disconnect({ bot: bot._id, personId, userId, key: `disconnect:${bot._id}:${nameOfChange(person)}` })
  await Audit.record(bot.server, bot._id, by, 'link.unbind', { personId, userId })
  if (tell) await tellOnce(bot, person, tell, `parted:${nameOfChange(person)}`)
  await Link.end(bot._id, personId, userId, how)
}

/**
 * Gives up a link that is being held back, if there is one. The directory may have heard of it and its answer been
 * lost: it is told that it came
 * to nothing, before the wish itself goes.
 */
export async function giveUpLink(bot: BotRecord, personId: number): Promise<void> {
  const held = await Errand.connecting(bot._id, personId)
  if (!held) return
  await dropWish(bot, held)
  await Errand.giveUp(bot._id, personId)
}

/**
 * Lets the directory take back a connection that nobody wishes for any more; whoever is linked to the user keeps it
 * connected.
 */
export async function dropWish(bot: BotRecord, { personId, userId, key }: ErrandRecord): Promise<void> {
  const linked = await Person.ofUsers(bot._id, [userId])
  if (linked.length === 0 && (await directorySettingsOf(bot)))
    await Errand.disconnect({ bot: bot._id, personId, userId, key: `disconnect:${key}` })
}

/** The next change of a person's account, as it is wished for once. */
export function nameOfChange({ personId, linkedAt, changedAt }: PersonRecord): string {
  return `${personId}:${(changedAt ?? linkedAt)?.getTime() ?? 0}`
}

/** Whether the user has no other person here. */
async function isLast(bot: BotRecord, { personId, userId }: PersonRecord): Promise<boolean> {
  const holders = await Person.ofUsers(bot._id, [userId ?? ''])
  return holders.every((holder) => holder.personId === personId)
}
