import { startAgain } from '../acts/self.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { followDeepLink } from './finish-link.ts'
import { toHome } from './menus.ts'

/**
 * /start in a bot for people; it takes an earlier /stop back, where that was said, and a link of the system's
 * connects.
 */
export const startBot = defineScene<CommandArgs>('start@2', async (talk, { payload }) => {
  if (talk.inGroup) return talk.show(toHome())
  await talk.effect('start again', () => startAgain(talk.bot.record, talk.person.id))
  if (!(await followDeepLink(talk, payload))) await talk.show(toHome())
})
