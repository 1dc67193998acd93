import { hearAgain } from '../acts/pause.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'

/** /resume: ends a pause and a wish for silence; the greeting is a delivery. */
export const resumeScene = defineScene<CommandArgs>('resume@1', async (talk) => {
  const ended = await talk.effect('resume', () => hearAgain(talk.bot.record, talk.person.id))
  if (!ended) await talk.say('resume.notPaused')
})
