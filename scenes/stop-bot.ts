import { stop } from '../acts/self.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'

export const stopBot = defineScene<CommandArgs>('stop@1', async (talk) => {
  await talk.effect('stop', () => stop(talk.bot.record, talk.person.id))
  await talk.say('stop.done')
})
