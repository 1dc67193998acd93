import { doerOf } from '../acts/authorise.ts'
import { replaceToken } from '../acts/bots.ts'
import { defineScene } from '../dialogue/scene.ts'
import { askToken } from './ask-token.ts'
import { toBot } from './menus.ts'

export const replaceTokenScene = defineScene<{ bot: string }>('replace-token@1', async (talk, { bot }) => {
  await askToken(talk, 'replace-token.ask', (token) => replaceToken(doerOf(talk), bot, token))
  await talk.say('replace-token.done')
  await talk.show(toBot(bot))
})
