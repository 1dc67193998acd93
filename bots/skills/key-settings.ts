import { doerOf } from '../../acts/authorise.ts'
import { keySettingsFor, setSharing, setValidity } from '../../acts/keys.ts'
import { rowsOf } from '../../dialogue/button-rows.ts'
import { defineMenu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { toBot } from '../../scenes/menus.ts'

const hoursOffered = [1, 8, 24, 72, 168]

/** For how long the keys of a bot are valid, and whether a user may have several persons; `.set` and `.share` change it. */
export const keySettingsMenu = defineMenu<[bot: string]>('bot.keys', (viewer, bot) => settingsOf(viewer, bot))

export const setKeySettings = defineMenu<[bot: string, hours: string]>('bot.keys.set', async (viewer, bot, hours) => {
  await setValidity(doerOf(viewer), bot, Number(hours))
  return { ...(await settingsOf(viewer, bot)), toast: viewer.t('key-settings.set') }
})

export const setKeySharing = defineMenu<[bot: string, to: string]>('bot.keys.share', async (viewer, bot, to) => {
  await setSharing(doerOf(viewer), bot, to === 'on' ? 'on' : 'off')
  return { ...(await settingsOf(viewer, bot)), toast: viewer.t('key-settings.shareSet') }
})

async function settingsOf(viewer: Viewer, bot: string): Promise<Page> {
  const { t, tHtml } = viewer
  const { validForHours: hours, shareUsers } = await keySettingsFor(doerOf(viewer), bot)
  const offers = hoursOffered.map((one) => ({
    text: `${one === hours ? '✅ ' : ''}${span(viewer, one)}`,
    ...setKeySettings.with(bot, String(one)),
  }))
  const share = shareUsers
    ? { text: t('key-settings.shareOff'), ...setKeySharing.with(bot, 'off') }
    : { text: t('key-settings.shareOn'), ...setKeySharing.with(bot, 'on') }
  const sharing = tHtml(shareUsers ? 'key-settings.shared' : 'key-settings.sole')
  return {
    text: `${tHtml('key-settings.ask', { span: span(viewer, hours) })}\n\n${sharing}`,
    buttons: [...rowsOf(offers), [share], [{ text: t('common.back'), ...toBot(bot) }]],
  }
}

function span({ t }: Viewer, hours: number): string {
  return hours > 24 && hours % 24 === 0
    ? t('key-settings.days', { count: hours / 24 })
    : t('key-settings.hours', { count: hours })
}
