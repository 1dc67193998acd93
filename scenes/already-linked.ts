import { linkOf } from '../acts/my-account.ts'
import type { Talk } from '../dialogue/talk.ts'
import { toAccount } from './menus.ts'

/** Tells who is linked, or just being linked, so. Answers whether it did. */
export async function isLinkedAlready(talk: Talk): Promise<boolean> {
  const link = await talk.effect('link of', () => linkOf(talk.bot.record, talk.person.id))
  if (!link) return false
  if (link.state === 'held') await talk.say('link.beingFinished')
  else if (link.state === 'blocked') await talk.say('account.isBlocked')
  else {
    await talk.say('link.already', { userId: link.userId })
    await talk.show(toAccount())
  }
  return true
}
