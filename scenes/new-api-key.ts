import { makeApiKey } from '../acts/api-keys.ts'
import { doerOf } from '../acts/authorise.ts'
import { visibleBots } from '../acts/bot-views.ts'
import { UserError } from '../config/user-error.ts'
import { defineScene } from '../dialogue/scene.ts'
import type { Option, Talk } from '../dialogue/talk.ts'
import { toApiKeys } from './menus.ts'

const longestName = 64
/** Bots offered in one question; a message carries 100 buttons. */
const atOnce = 20

export const newApiKeyScene = defineScene('new-api-key@1', async (talk) => {
  const admin = doerOf(talk)
  const offered = await talk.effect('bots', async () =>
    (await visibleBots(admin)).map((bot) => ({ value: String(bot._id), label: bot.name })),
  )
  const name = await talk.ask('new-api-key.askName', {}, ({ text }) => {
    if (text.length > longestName) throw new UserError('error.nameTooLong', { longest: longestName })
    return text
  })
  const bots = await chooseBots(talk, offered)
  const { secret, curl, userId, linked } = await talk.effect('make', (key) =>
    makeApiKey(admin, { name, bots, wish: `${talk.bot.record._id}:${key}` }),
  )
  const whom = talk.t(linked ? 'new-api-key.linked' : 'new-api-key.nobodyLinked', { userId })
  await talk.say('new-api-key.made', { name, secret, curl, whom })
  await talk.show(toApiKeys())
})

/** One bot after the other, until it is enough; `null` is all of them, those to come too. */
async function chooseBots(talk: Talk, offered: Option<string>[]): Promise<string[] | null> {
  const chosen: string[] = []
  for (let left = offered; left.length > 0; ) {
    const end = chosen.length > 0 ? 'done' : 'all'
    const turn = left.length > atOnce ? [{ value: 'more', label: talk.t('new-api-key.more') }] : []
    const options = [...left.slice(0, atOnce), ...turn, { value: end, label: talk.t(`new-api-key.${end}`) }]
    const pick = await talk.choose(chosen.length > 0 ? 'new-api-key.askMore' : 'new-api-key.askBots', options)
    if (pick === 'all') return null
    if (pick === 'done') return chosen
    if (pick === 'more') left = [...left.slice(atOnce), ...left.slice(0, atOnce)]
    else {
      chosen.push(pick)
      left = left.filter(({ value }) => value !== pick)
    }
  }
  return chosen.length > 0 ? chosen : null
}
