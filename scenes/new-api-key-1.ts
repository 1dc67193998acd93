import { makeApiKey } from '../acts/api-keys.ts'
import { doerOf } from '../acts/authorise.ts'
import { visibleBots } from '../acts/bot-views.ts'
import { UserError } from '../config/user-error.ts'
import { defineScene } from '../dialogue/scene.ts'
import { chooseBots } from './choose-bots.ts'
import { toApiKeys } from './menus.ts'

const longestName = 64

/** As it was before keys could be limited to endpoints; for whoever is in the middle of it. */
export const newApiKeyScene1 = defineScene('new-api-key@1', async (talk) => {
  const admin = doerOf(talk)
  const offered = await talk.effect('bots', async () =>
    (await visibleBots(admin)).map((bot) => ({ value: String(bot._id), label: bot.name })),
  )
  const name = await talk.ask('new-api-key.askName', {}, ({ text }) => {
    if (text.length > longestName) throw new UserError('error.nameTooLong', { longest: longestName })
    return text
  })
  const bots = await chooseBots(talk, 'new-api-key.askBots', offered)
  const { secret, curl, userId, linked } = await talk.effect('make', (key) =>
    makeApiKey(admin, { name, bots, wish: `${talk.bot.record._id}:${key}` }),
  )
  const whom = talk.t(linked ? 'new-api-key.linked' : 'new-api-key.nobodyLinked', { userId })
  await talk.say('new-api-key.made', { name, secret, curl, whom })
  await talk.show(toApiKeys())
})
