import { doerOf } from '../../acts/authorise.ts'
import { lastActs as actsOf, type PastAct } from '../../acts/last-acts.ts'
import { hasText, type TextKey } from '../../config/i18n.ts'
import { defineMenu, type Menu, type Viewer } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import type { Role } from '../../models/right.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { kindName } from '../../scenes/kind-options.ts'
import { toAdmins, toBot } from '../../scenes/menus.ts'
import { deadMenu, dismissMenu, replayMenu } from './dead-updates.ts'
import { pageIn, pager } from './list.ts'

/** What was done to a bot, or with an empty id to all of the server, the latest first. */
const actList: Menu = defineMenu('acts', async (viewer, bot = '', wished = '0') => {
  const { t, tHtml } = viewer
  const { scope, acts, page, pages } = await actsOf(doerOf(viewer), bot, pageIn(wished))
  const title = scope ? tHtml('last-acts.ofBot', { bot: scope.name }) : tHtml('last-acts.ofAll')
  const lines = acts.map((act) => lineOf(viewer, act, scope === null))
  return {
    text: [title, lines.length > 0 ? lines.join('\n') : tHtml('last-acts.none')].join('\n\n'),
    buttons: [
      ...pager(page, pages, (to) => actList.with(bot, String(to))),
      [{ text: t('common.back'), ...(scope ? toBot(bot) : toAdmins('')) }],
    ],
  }
})

function lineOf({ person, t, tHtml }: Viewer, { at, who, bot, ...past }: PastAct, ofAll: boolean): string {
  const what = whatOf(person.locale, t, past)
  const line = tHtml('last-acts.line', {
    ago: fromNow(person.locale, at),
    who: who ?? t('last-acts.rookery'),
    what: ofAll && bot ? `${what} (${bot})` : what,
  })
  return `• ${line}`
}

/** An act that an older version recorded may have no text any more. */
function whatOf(
  locale: Viewer['person']['locale'],
  t: Viewer['t'],
  { act, whom, details }: Pick<PastAct, 'act' | 'whom' | 'details'>,
): string {
  const { role, kind, ...rest } = details
  const key: string = `acts.${act}`
  if (!hasText(key)) return act
  return t(key as TextKey, {
    ...rest,
    whom: whom ?? '–',
    role: role ? t(`role.${role as Role}`) : '–',
    kind: kind ? kindName(String(kind), locale) : '–',
  })
}

/** What admins, API keys and Rookery itself did, and what could not be done. */
export const lastActs = defineSkill({ id: 'last-acts', menus: [actList, deadMenu, replayMenu, dismissMenu] })
