import { heardOfTheEnd } from '../acts/my-account.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { followDeepLink } from './finish-link.ts'
import { toHome } from './menus.ts'

/** Whose account was deleted hears it with the next message, which may be another user's link. */
export const accountGone = defineScene<CommandArgs>('account-gone@1', async (talk, { payload }) => {
  await talk.say('account.gone')
  await talk.effect('heard', () => heardOfTheEnd(talk.bot.record, talk.person.id))
  if (!(await followDeepLink(talk, payload))) await talk.show(toHome())
})
