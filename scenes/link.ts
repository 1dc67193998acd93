import { type FoundAccount, questionsIn, type Search, searchAccount } from '../acts/find-account.ts'
import { countryOf, type LinkingWay, waysOf } from '../acts/linking-ways.ts'
import { UserError } from '../config/user-error.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { Contact, Talk, TextAnswer } from '../dialogue/talk.ts'
import type { Question } from '../directory/account-data.ts'
import { samePhone } from '../directory/phone.ts'
import { isLinkedAlready } from './already-linked.ts'
import { askDirectory } from './directory-call.ts'
import { finishLink } from './finish-link.ts'
import { otherWays, tellOtherWays } from './other-ways.ts'
import { askCode } from './prove-phone.ts'
import { fillIn } from './registration-form.ts'

/** Links the person's account: one question, a proof, and the directory's word. */
export const linkScene = defineScene<CommandArgs>('link@1', async (talk) => {
  if (!(await isLinkedAlready(talk))) await ask(talk, await waysFor(talk))
})

/** The ways that serve here; recorded, since an admin may switch them meanwhile. */
export async function waysFor(talk: Talk): Promise<ReadonlySet<LinkingWay>> {
  return new Set(await talk.effect('ways', async () => [...(await waysOf(talk.bot.record))]))
}

async function ask(talk: Talk, ways: ReadonlySet<LinkingWay>): Promise<void> {
  if (!ways.has('contact') && !ways.has('sms')) return tellOtherWays(talk, ways)
  const answer = await askWho(talk, ways)
  if ('phone' in answer) return byContact(talk, answer, ways)
  const found = await search(talk, questionsIn(answer.typed, countryOf(talk.bot.record)))
  return found === 'several' ? byId(talk, ways) : byCode(talk, answer.typed, found, ways)
}

/** One question; what is typed may be any of the three. */
async function askWho(talk: Talk, ways: ReadonlySet<LinkingWay>): Promise<{ typed: string } | Contact> {
  if (!ways.has('contact')) return { typed: await talk.ask('link.ask', {}, notTooLong) }
  return talk.askOrContact(ways.has('sms') ? 'link.askOrContact' : 'link.askContact', {}, notTooLong)
}

/** A number that the messenger vouches for finds and proves at once. */
async function byContact(talk: Talk, { phone }: Contact, ways: ReadonlySet<LinkingWay>): Promise<void> {
  const found = await search(talk, [{ phone }])
  if (found === 'several') return byId(talk, ways, phone)
  if (found !== 'nobody') return finishLink(talk, { userId: found.userId, number: phone })
  await talk.say('link.phoneUnknown')
  const next = await talk.choose('link.whatNext', [
    ...(ways.has('register') ? [{ value: 'register', label: talk.t('register.button') } as const] : []),
    { value: 'ask', label: talk.t('link.enterAnother') },
    { value: 'others', label: talk.t('link.otherWays') },
  ])
  if (next === 'register') await fillIn(talk, phone)
  else if (next === 'ask') await ask(talk, ways)
  else await tellOtherWays(talk, ways)
}

/**
 * Several accounts share what was said: the ID tells which. A number that was proved already proves the one that has
 * it.
 */
export async function byId(talk: Talk, ways: ReadonlySet<LinkingWay>, proven?: string): Promise<void> {
  const userId = await talk.ask('link.several', {}, notTooLong)
  const found = await search(talk, [{ userId }])
  const account = typeof found === 'object' ? found : undefined
  if (proven && account && samePhone(account.phone ?? '', proven))
    return finishLink(talk, { userId: account.userId, number: proven })
  return byCode(talk, userId, account ?? 'nobody', ways)
}

/** An SMS to the account's number, whether or not there is an account: one path, the same words. */
async function byCode(
  talk: Talk,
  typed: string,
  found: FoundAccount | 'nobody',
  ways: ReadonlySet<LinkingWay>,
): Promise<void> {
  if (!ways.has('sms')) return tellOtherWays(talk, ways)
  const account = found === 'nobody' ? undefined : found
  const number = account?.phone ?? null
  const proof = await askCode(talk, number, {
    words: `account:${typed}`,
    key: 'link.codeOnItsWay',
    params: { others: otherWays(talk, ways) },
    accepts: (phone) => ways.has('contact') && number !== null && samePhone(number, phone),
  })
  if (proof === 'other') return ask(talk, ways)
  // Nobody's code is never right.
  if (!account || number === null) throw new Error('A code was right that nobody was sent')
  await finishLink(talk, { userId: account.userId, number })
}

export function search(talk: Talk, questions: Question[]): Promise<Search> {
  return askDirectory(talk, 'find', () => searchAccount(talk.bot.record, talk.bot.log, questions))
}

function notTooLong({ text }: TextAnswer): string {
  if (text.length > 200) throw new UserError('link.tooLong')
  return text
}
