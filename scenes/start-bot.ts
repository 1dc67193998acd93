import { startAgain } from '../acts/self.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { toHome } from './menus.ts'

/** /start in a bot for people; it takes an earlier /stop back, where that was said. */
export const startBot = defineScene<CommandArgs>('start@1', async (talk) => {
  if (!talk.inGroup) await talk.effect('start again', () => startAgain(talk.bot.record, talk.person.id))
  await talk.show(toHome())
})
