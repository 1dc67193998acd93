import { deepLinkCodeIn, openDeepLink } from '../acts/deep-links.ts'
import { freshAccount } from '../acts/find-account.ts'
import { type Linking, linkAccount } from '../acts/link-account.ts'
import type { Talk } from '../dialogue/talk.ts'
import { samePhone } from '../directory/phone.ts'
import { askDirectory } from './directory-call.ts'
import { attempt } from './refusal.ts'

/**
 * What was proved. `number` is the one by which it was: if the account has another by now, it proves nothing. A new
 * account's is in `phone`.
 */
export type ProvenUser = { userId: string; phone?: string; number?: string }

/** Links the person to a user who was proved, and says what became of it; the greeting comes by itself. */
export async function finishLink(talk: Talk, proven: ProvenUser): Promise<void> {
  const outcome = await askDirectory(talk, 'link', (key) => link(talk, proven, key))
  if (outcome === 'linked') await talk.say('link.proven')
  else if (outcome === 'held') await talk.say('link.beingFinished')
  else await talk.say(`link.${outcome}`)
}

async function link(
  { bot: { record: bot, log }, person }: Talk,
  { userId, phone, number }: ProvenUser,
  key: string,
): Promise<Linking | 'inactive'> {
  const account = await freshAccount(bot, log, userId)
  if (!account || (number !== undefined && !samePhone(number, account.phone ?? ''))) return 'gone'
  if (!account.active) return 'inactive'
  return linkAccount(bot, log, person.id, { userId, key, account, phone: phone ?? number })
}

/**
 * Follows a link of the system's, which proves its user, if that is what a person came by. Answers whether it led on.
 */
export async function followDeepLink(talk: Talk, payload: string): Promise<boolean> {
  const code = deepLinkCodeIn(payload)
  if (code === undefined) return false
  const { record: bot, log } = talk.bot
  const userId = await attempt(talk, 'open link', () => openDeepLink(bot, talk.person.id, code))
  if (userId === undefined) return false
  const outcome = await talk.effect('link', (key) => linkAccount(bot, log, talk.person.id, { userId, key }))
  if (outcome === 'held') await talk.say('link.beingFinished')
  else if (outcome === 'gone') await talk.say('link.gone')
  return true
}
