import { makeApiKey } from '../acts/api-keys.ts'
import { doerOf } from '../acts/authorise.ts'
import { visibleBots } from '../acts/bot-views.ts'
import { UserError } from '../config/user-error.ts'
import { aliasesOf } from '../dialogue/kinds.ts'
import { defineScene } from '../dialogue/scene.ts'
import { chooseBots } from './choose-bots.ts'
import { chooseSome } from './choose-some.ts'
import { toApiKeys } from './menus.ts'

const longestName = 64

export const newApiKeyScene = defineScene('new-api-key@2', async (talk) => {
  const admin = doerOf(talk)
  const offered = await talk.effect('bots', async () =>
    (await visibleBots(admin)).map(({ _id, name, kind }) => ({ value: String(_id), label: name, kind })),
  )
  const name = await talk.ask('new-api-key.askName', {}, ({ text }) => {
    if (text.length > longestName) throw new UserError('error.nameTooLong', { longest: longestName })
    return text
  })
  const bots = await chooseBots(talk, 'new-api-key.askBots', offered)
  const kinds = offered.filter(({ value }) => bots?.includes(value) ?? true).map(({ kind }) => kind)
  const aliases = await talk.effect('endpoints', async () => aliasesOf(kinds))
  const endpoints = await chooseSome(
    talk,
    { first: 'new-api-key.askEndpoints', next: 'new-api-key.askMoreEndpoints', all: 'new-api-key.allEndpoints' },
    aliases.map((alias) => ({ value: alias, label: alias })),
  )
  const { secret, curl, userId, linked } = await talk.effect('make', (key) =>
    makeApiKey(admin, { name, bots, endpoints, wish: `${talk.bot.record._id}:${key}` }),
  )
  const whom =
    userId === null
      ? talk.t('new-api-key.tellsOfItself')
      : talk.t(linked ? 'new-api-key.linked' : 'new-api-key.nobodyLinked', { userId })
  await talk.say('new-api-key.made', { name, secret, curl, whom })
  await talk.show(toApiKeys())
})
