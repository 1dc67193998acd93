import { apiKey, apiKeys as keysOf, revokeApiKey } from '../../acts/api-keys.ts'
import { doerOf } from '../../acts/authorise.ts'
import { someNames } from '../../acts/some-names.ts'
import { defineMenu, type Menu } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { toApiKeys, toHome } from '../../scenes/menus.ts'
import { newApiKeyScene } from '../../scenes/new-api-key.ts'
import { list, type Route } from './list.ts'

type OfKey = Menu<[key: string]>

const keyList: Menu = defineMenu('api-keys', async (viewer, page = '0') => {
  const { t, tHtml } = viewer
  const keys = await keysOf(doerOf(viewer))
  const rows = keys.map(({ _id, name, ending }) => ({ text: `${name} · …${ending}`, ...card.with(String(_id)) }))
  const route: Route = (to) => keyList.with(String(to))
  return {
    text: tHtml('api-keys.list', { count: keys.length }),
    buttons: [
      ...list(rows, Number(page), route),
      [{ text: t('api-keys.new'), ...newApiKeyScene.with() }],
      [{ text: t('common.back'), ...toHome() }],
    ],
  }
})

const card: OfKey = defineMenu('api-key', async (viewer, id) => {
  const { person, t, tHtml } = viewer
  const { key, bots } = await apiKey(doerOf(viewer), id)
  const ago = (date: Date) => fromNow(person.locale, date)
  const lines = [
    tHtml('api-keys.about', { name: key.name, ending: key.ending, ago: ago(key.madeAt) }),
    bots ? tHtml('api-keys.bots', { bots: someNames(bots) }) : tHtml('api-keys.allBots'),
    key.lastUsedAt ? tHtml('api-keys.lastUsed', { ago: ago(key.lastUsedAt) }) : tHtml('api-keys.neverUsed'),
  ]
  const buttons = [[{ text: t('api-keys.revoke'), ...confirm.with(id) }], [{ text: t('common.back'), ...toApiKeys() }]]
  return { text: lines.join('\n'), buttons }
})

const confirm: OfKey = defineMenu('api-key.revoke', async (viewer, id) => {
  const { t, tHtml } = viewer
  const { key } = await apiKey(doerOf(viewer), id)
  return {
    text: tHtml('api-keys.confirmRevoking', { name: key.name }),
    buttons: [[{ text: t('api-keys.revoke'), ...revoked.with(id) }], [{ text: t('common.back'), ...card.with(id) }]],
  }
})

const revoked: OfKey = defineMenu('api-key.revoked', async (viewer, id) => {
  await revokeApiKey(doerOf(viewer), id)
  return { ...(await keyList.page(viewer)), toast: viewer.t('api-keys.revoked') }
})

/** The keys of other systems. */
export const apiKeys = defineSkill({
  id: 'api-keys',
  scenes: [newApiKeyScene],
  menus: [keyList, card, confirm, revoked],
})
