import { heardOfTheEnd } from '../acts/my-account.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { toHome } from './menus.ts'

/** Whose account was deleted hears it with the next message. */
export const accountGone = defineScene<CommandArgs>('account-gone@1', async (talk) => {
  await talk.say('account.gone')
  await talk.effect('heard', () => heardOfTheEnd(talk.bot.record, talk.person.id))
  await talk.show(toHome())
})
