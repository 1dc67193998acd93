import { doerOf } from '../acts/authorise.ts'
import { foundInWords } from '../acts/directory-outcome.ts'
import { checkDirectory, questionIn } from '../acts/directory-settings.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toDirectory } from './menus.ts'

/** Asks the directory for somebody whom the admin names. Of who is found only the name and the ID are told. */
export const askDirectoryScene = defineScene<{ bot: string }>('ask-directory@1', async (talk, { bot }) => {
  const admin = doerOf(talk)
  const by = await talk.choose('ask-directory.askBy', [
    { value: 'userId', label: talk.t('ask-directory.userId') },
    { value: 'email', label: talk.t('ask-directory.email') },
    { value: 'phone', label: talk.t('ask-directory.phone') },
  ])
  const question = await talk.ask('ask-directory.ask', {}, ({ text }) => questionIn(admin, bot, by, text))
  const outcome = await talk.effect('ask', () => checkDirectory(admin, bot, talk.bot.log, question))
  const { key, params } = foundInWords(outcome)
  await talk.say(key, params)
  await talk.show(toDirectory(bot))
})
