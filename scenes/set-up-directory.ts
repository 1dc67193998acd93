import { authorise, doerOf } from '../acts/authorise.ts'
import { checkInWords } from '../acts/directory-outcome.ts'
import { type DirectoryAccess, directoryPartIn, setDirectory, tryDirectory } from '../acts/directory-settings.ts'
import { defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { askSecret } from './ask-secret.ts'
import { toDirectory } from './menus.ts'

/** Where the directory is and by what it knows us: tried at once, and kept when it works or when the admin says so. */
export const setUpDirectoryScene = defineScene<{ bot: string }>('set-up-directory@1', async (talk, { bot }) => {
  const admin = doerOf(talk)
  await talk.effect('may', async () => {
    await authorise(admin, bot, 'admin')
  })
  for (;;) {
    const access = await askAccess(talk)
    const outcome = await talk.effect('try', () => tryDirectory(admin, bot, access, talk.bot.log))
    const { key, params } = checkInWords(outcome)
    await talk.say(key, params)
    if (outcome.ok || (await keepAnyway(talk)) === 'keep') {
      await talk.effect('set', () => setDirectory(admin, bot, access))
      break
    }
  }
  await talk.say('set-up-directory.done')
  await talk.show(toDirectory(bot))
})

async function askAccess(talk: Talk): Promise<DirectoryAccess> {
  const baseUrl = await talk.ask('set-up-directory.askUrl', {}, ({ text }) => directoryPartIn('baseUrl', text))
  const token = await askSecret(talk, 'set-up-directory.askToken', {}, (text) => directoryPartIn('token', text))
  const usual = { value: 'Authorization', label: talk.t('set-up-directory.usualHeader') }
  const given = await talk.chooseOrType('set-up-directory.askHeader', [usual], {}, ({ text }) =>
    directoryPartIn('header', text),
  )
  return { baseUrl, token, header: 'chosen' in given ? given.chosen : given.typed }
}

function keepAnyway(talk: Talk): Promise<'again' | 'keep'> {
  return talk.choose('set-up-directory.askKeep', [
    { value: 'again', label: talk.t('set-up-directory.again') },
    { value: 'keep', label: talk.t('set-up-directory.keep') },
  ])
}
