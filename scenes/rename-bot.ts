import { doerOf } from '../acts/authorise.ts'
import { renameBot } from '../acts/bots.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toBot } from './menus.ts'

export const renameBotScene = defineScene<{ bot: string }>('rename-bot@1', async (talk, { bot }) => {
  await talk.ask('rename-bot.ask', {}, ({ text }) => renameBot(doerOf(talk), bot, text))
  await talk.say('rename-bot.done')
  await talk.show(toBot(bot))
})
