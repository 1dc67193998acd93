import type { LinkingWay } from '../acts/linking-ways.ts'
import type { Talk } from '../dialogue/talk.ts'

/** The ways that need no number, for everybody alike: whose account has no phone must not be told apart. */
export function otherWays(talk: Talk, ways: ReadonlySet<LinkingWay>): string {
  const lines = [
    ...(ways.has('key') && talk.bot.skills.some(({ id }) => id === 'keys') ? [talk.t('link.byKey')] : []),
    ...(ways.has('deepLink') ? [talk.t('link.byDeepLink')] : []),
    ...(ways.has('register') ? [talk.t('link.byRegistration')] : []),
  ]
  return lines.map((line) => `• ${line}`).join('\n')
}

export async function tellOtherWays(talk: Talk, ways: ReadonlySet<LinkingWay>): Promise<void> {
  const others = otherWays(talk, ways)
  await talk.say(others ? 'link.othersAre' : 'link.noWay', { others })
}
