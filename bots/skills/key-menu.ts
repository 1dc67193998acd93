import { issueKey, type OwnKey, ownKey, spoken } from '../../acts/keys.ts'
import { defineMenu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { toHome } from '../../scenes/menus.ts'

export const keyMenu = defineMenu('key', async (viewer) =>
  shown(viewer, await ownKey(viewer.bot.record, viewer.person.id)),
)

export const newKeyMenu = defineMenu('key.new', async (viewer) =>
  shown(viewer, await issueKey(viewer.bot.record, viewer.person.id)),
)

function shown({ person, t, tHtml }: Viewer, { state, digits, expiresAt }: OwnKey): Page {
  const back = { text: t('common.back'), ...toHome() }
  if (state === 'expired') {
    return { text: tHtml('keys.expired'), buttons: [[{ text: t('keys.newKey'), ...newKeyMenu.with() }], [back]] }
  }
  const until = fromNow(person.locale, expiresAt)
  return { text: tHtml(`keys.${state}`, { key: spoken(digits), until }), buttons: [[back]] }
}
