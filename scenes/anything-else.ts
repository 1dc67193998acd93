import { hasStopped } from '../acts/self.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { toLostHome } from './menus.ts'

/** The answer to what nothing else took: the bot's buttons, or, after /stop, the word that brings it back. */
export const anythingElse = defineScene<CommandArgs>('anything-else@1', async (talk) => {
  const stopped = await talk.effect('stopped', () => hasStopped(talk.bot.record, talk.person.id))
  if (stopped) await talk.say('stop.stillStopped')
  else await talk.show(toLostHome())
})
