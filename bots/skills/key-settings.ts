import { doerOf } from '../../acts/authorise.ts'
import { setValidity, validity } from '../../acts/keys.ts'
import { rowsOf } from '../../dialogue/button-rows.ts'
import { defineMenu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { toBot } from '../../scenes/menus.ts'

const hoursOffered = [1, 8, 24, 72, 168]

/** For how long the keys of a bot are valid; `.set` changes it. */
export const keySettingsMenu = defineMenu<[bot: string]>('bot.keys', (viewer, bot) => settingsOf(viewer, bot))

export const setKeySettings = defineMenu<[bot: string, hours: string]>('bot.keys.set', async (viewer, bot, hours) => {
  await setValidity(doerOf(viewer), bot, Number(hours))
  return { ...(await settingsOf(viewer, bot)), toast: viewer.t('key-settings.set') }
})

async function settingsOf(viewer: Viewer, bot: string): Promise<Page> {
  const { t, tHtml } = viewer
  const hours = await validity(doerOf(viewer), bot)
  const offers = hoursOffered.map((one) => ({
    text: `${one === hours ? '✅ ' : ''}${span(viewer, one)}`,
    ...setKeySettings.with(bot, String(one)),
  }))
  return {
    text: tHtml('key-settings.ask', { span: span(viewer, hours) }),
    buttons: [...rowsOf(offers), [{ text: t('common.back'), ...toBot(bot) }]],
  }
}

function span({ t }: Viewer, hours: number): string {
  return hours > 24 && hours % 24 === 0
    ? t('key-settings.days', { count: hours / 24 })
    : t('key-settings.hours', { count: hours })
}
