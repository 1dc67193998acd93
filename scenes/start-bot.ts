import { deepLinkCodeIn, openDeepLink } from '../acts/deep-links.ts'
import { startAgain } from '../acts/self.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { finishDeepLink } from './finish-link.ts'
import { toHome } from './menus.ts'
import { attempt } from './refusal.ts'

/** /start in a bot for people; it takes an earlier /stop back, where that was said, and a link of the system's connects. */
export const startBot = defineScene<CommandArgs>('start@2', async (talk, { payload }) => {
  if (talk.inGroup) return talk.show(toHome())
  await talk.effect('start again', () => startAgain(talk.bot.record, talk.person.id))
  const code = deepLinkCodeIn(payload)
  if (code === undefined) return talk.show(toHome())
  const userId = await attempt(talk, 'open link', () => openDeepLink(talk.bot.record, talk.person.id, code))
  if (userId === undefined) return talk.show(toHome())
  await finishDeepLink(talk, userId)
})
