import { doerOf } from '../../acts/authorise.ts'
import { unbind } from '../../acts/links.ts'
import { listPeople, personOf, sendTest } from '../../acts/people.ts'
import { type Button, defineMenu } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import type { PersonRecord } from '../../models/person.ts'
import { bindKeyScene } from '../../scenes/bind-key.ts'
import { findUserScene } from '../../scenes/find-user.ts'
import { toBot, toUser, toUsers } from '../../scenes/menus.ts'
import { pageIn, pager } from './list.ts'
import { userCard } from './user-card.ts'

const userList = defineMenu<string[]>('users', async (viewer, bot = '', page = '0', search = '') => {
  const { t, tHtml } = viewer
  const found = await listPeople(doerOf(viewer), bot, pageIn(page), search)
  const count = found.total
  return {
    text: search
      ? tHtml(found.more ? 'users.foundMore' : 'users.found', { count, search })
      : tHtml('users.list', { count }),
    buttons: [
      ...found.people.map((person) => [rowOf(bot, person)]),
      ...pager(found.page, found.pages, (to) => toUsers(bot, to, search)),
      [
        { text: t('users.enterKey'), ...bindKeyScene.with({ bot }) },
        { text: t('users.enterUser'), ...bindKeyScene.with({ bot, userFirst: true }) },
      ],
      [{ text: t('users.search'), ...findUserScene.with({ bot }) }],
      [{ text: t('common.back'), ...(search ? toUsers(bot) : toBot(bot)) }],
    ],
  }
})

type OfPerson = [bot: string, personId: string]

const card = defineMenu<OfPerson>('user', userCard)

const test = defineMenu<OfPerson>('user.test', async (viewer, bot, personId) => {
  await sendTest(doerOf(viewer), bot, Number(personId))
  return { ...(await userCard(viewer, bot, personId)), toast: viewer.t('users.testSent') }
})

const unbindAsk = defineMenu<OfPerson>('user.unbind', async (viewer, bot, personId) => {
  const { t, tHtml } = viewer
  const { name, userId } = await personOf(doerOf(viewer), bot, Number(personId))
  return {
    text: tHtml('users.confirmUnbinding', { name, userId }),
    buttons: [
      [{ text: t('users.unbind'), ...unbound.with(bot, personId) }],
      [{ text: t('common.back'), ...toUser(bot, Number(personId)) }],
    ],
  }
})

const unbound = defineMenu<OfPerson>('user.unbound', async (viewer, bot, personId) => {
  await unbind(doerOf(viewer), bot, Number(personId))
  return { ...(await userCard(viewer, bot, personId)), toast: viewer.t('users.unbound') }
})

/** The people of a bot and their links to the company's users. */
export const users = defineSkill({
  id: 'users',
  scenes: [bindKeyScene, findUserScene],
  menus: [userList, card, test, unbindAsk, unbound],
})

function rowOf(bot: string, { name, userId, stopped, personId }: PersonRecord): Button {
  const mark = stopped ? '⏸ ' : userId ? '🔗 ' : ''
  return { text: `${mark}${name}${userId ? ` · ${userId}` : ''}`, ...toUser(bot, personId) }
}
