import { doerOf } from '../../acts/authorise.ts'
import { type DeadUpdate, deadUpdates, settleDead } from '../../acts/dead-updates.ts'
import type { TextKey } from '../../config/i18n.ts'
import { type Button, defineMenu, type Menu, type Viewer } from '../../dialogue/menu.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { toBot } from '../../scenes/menus.ts'
import { pageIn, pager } from './list.ts'

/** One of them, or with an empty id all. */
type OfDead = Menu<[bot: string, id: string]>

/** The updates of a bot that failed for good: what they were, never what they said. */
export const deadMenu: Menu = defineMenu('dead', async (viewer, bot = '', wished = '0') => {
  const { t, tHtml } = viewer
  const { updates, total, page, pages } = await deadUpdates(doerOf(viewer), bot, pageIn(wished))
  return {
    text: [tHtml('dead-updates.list', { count: total }), ...updates.map((one) => lineOf(viewer, one))].join('\n'),
    buttons: [
      ...updates.map(({ id, number }) => answers(viewer, bot, id, ` ${number}`)),
      ...(total > 1 ? [answers(viewer, bot, '', ` · ${t('dead-updates.all')}`)] : []),
      ...pager(page, pages, (to) => deadMenu.with(bot, String(to))),
      [{ text: t('common.back'), ...toBot(bot) }],
    ],
  }
})

export const replayMenu = settling('dead.replay', 'replay', 'dead-updates.replayed')
export const dismissMenu = settling('dead.dismiss', 'dismiss', 'dead-updates.dismissed')

function settling(menu: string, how: 'replay' | 'dismiss', toast: TextKey): OfDead {
  return defineMenu(menu, async (viewer, bot, id) => {
    const count = await settleDead(doerOf(viewer), bot, id, how)
    return { ...(await deadMenu.page(viewer, bot)), toast: viewer.t(toast, { count }) }
  })
}

function answers({ t }: Viewer, bot: string, id: string, which: string): Button[] {
  return [
    { text: `${t('dead-updates.replay')}${which}`, ...replayMenu.with(bot, id) },
    { text: `${t('dead-updates.dismiss')}${which}`, ...dismissMenu.with(bot, id) },
  ]
}

function lineOf({ person, t, tHtml }: Viewer, { number, kind, receivedAt, error }: DeadUpdate): string {
  const what = t(`dead-updates.${kind}`)
  return tHtml('dead-updates.line', { number, what, ago: fromNow(person.locale, receivedAt), error })
}
