import { authoriseForAll, doerOf } from '../acts/authorise.ts'
import { addBot } from '../acts/bots.ts'
import { checkToken } from '../acts/tokens.ts'
import { defineScene } from '../dialogue/scene.ts'
import { askToken } from './ask-token.ts'
import { kindOptions } from './kind-options.ts'
import { toBot } from './menus.ts'

export const addBotScene = defineScene('add-bot@1', async (talk) => {
  const admin = doerOf(talk)
  await talk.effect('may', () => authoriseForAll(admin, 'admin'))
  const { token, answer: identity } = await askToken(talk, 'add-bot.askToken', (text) => checkToken(admin, text))
  await talk.say('add-bot.found', identity)
  const kind = await talk.choose('add-bot.askKind', kindOptions(talk.person.locale))
  const id = await talk.effect('add', async () => {
    const bot = await addBot(admin, token, { kind, locale: talk.person.locale })
    return String(bot._id)
  })
  await talk.say('add-bot.done', identity)
  await talk.show(toBot(id))
})
