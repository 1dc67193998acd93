import { startAgain } from '../acts/self.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { toHome } from './menus.ts'

/** Before there were links of the system's; somebody may be in it. */
export const startBotBefore = defineScene<CommandArgs>('start@1', async (talk) => {
  if (!talk.inGroup) await talk.effect('start again', () => startAgain(talk.bot.record, talk.person.id))
  await talk.show(toHome())
})
