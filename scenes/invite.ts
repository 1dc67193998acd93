import { scopeOf } from '../acts/admins.ts'
import { doerOf } from '../acts/authorise.ts'
import { visibleBots } from '../acts/bot-views.ts'
import { invite } from '../acts/invitations.ts'
import { rightInWords } from '../acts/right-in-words.ts'
import { defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { chooseBots } from './choose-bots.ts'
import { toAdmins } from './menus.ts'

/** An invitation to one bot, or with an empty id to some, or all. */
export const inviteScene = defineScene<{ bot: string }>('invite@1', async (talk, { bot }) => {
  const admin = doerOf(talk)
  const offered = await talk.effect('bots', async () => {
    await scopeOf(admin, bot, 'owner')
    return (await visibleBots(admin)).map(({ _id, name }) => ({ value: String(_id), label: name }))
  })
  const role = await talk.choose('invite.askRole', [
    { value: 'admin', label: talk.t('role.admin') },
    { value: 'owner', label: talk.t('role.owner') },
  ] as const)
  const bots = bot ? [bot] : await chooseBots(talk, 'invite.askBots', offered)
  const { link, days } = await talk.effect('invite', (key) => invite(admin, { role, bots, wish: wishOf(talk, key) }))
  const named = bots && offered.filter(({ value }) => bots.includes(value)).map(({ label: name }) => ({ name }))
  await talk.say('invite.made', { link, days, right: rightInWords(talk.person.locale, role, named) })
  await talk.show(toAdmins(bot))
})

function wishOf(talk: Talk, key: string): string {
  return `${talk.bot.record._id}:${key}`
}
