import { doerOf } from '../../acts/authorise.ts'
import { checkInWords } from '../../acts/directory-outcome.ts'
import {
  checkDirectory,
  type DirectoryView,
  removeDirectory,
  setDirectoryTimeout,
  viewDirectory,
} from '../../acts/directory-settings.ts'
import { rowsOf } from '../../dialogue/button-rows.ts'
import { type Button, defineMenu, type Menu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { callNames } from '../../directory/settings.ts'
import { askDirectoryScene } from '../../scenes/ask-directory.ts'
import { changeCallScene } from '../../scenes/change-call.ts'
import { toBot, toDirectory } from '../../scenes/menus.ts'
import { setUpDirectoryScene } from '../../scenes/set-up-directory.ts'
import { aboutDirectory } from './directory-words.ts'

const secondsOffered = [1, 2, 5, 10, 15]

type OfBot = Menu<[bot: string]>

const page: OfBot = defineMenu('bot.directory', async (viewer, bot) => {
  const view = await viewDirectory(doerOf(viewer), bot)
  return { text: aboutDirectory(viewer, view), buttons: offers(viewer, bot, view) }
})

const check: OfBot = defineMenu('bot.directory.check', async (viewer, bot) => {
  const { key, params } = checkInWords(await checkDirectory(doerOf(viewer), bot, viewer.bot.log))
  // The answer of the same check once more changes nothing on the page, and must be seen all the same.
  return { ...(await withWord(viewer, bot, viewer.tHtml(key, params))), toast: viewer.t('directory-settings.checked') }
})

const calls: OfBot = defineMenu('bot.directory.calls', async (viewer, bot) => {
  const { settings } = await viewDirectory(doerOf(viewer), bot)
  const rows = callNames.map((call) => {
    const { method, path } = settings?.calls[call] ?? {}
    const how = method ? `${method} ${path}` : viewer.t('directory-settings.notOffered')
    return [{ text: `${viewer.t(`directory-call.${call}`)}: ${how}`, ...changeCallScene.with({ bot, call }) }]
  })
  return { text: viewer.tHtml('directory-settings.askCall'), buttons: [...rows, [backTo(viewer, bot)]] }
})

const timeout: OfBot = defineMenu('bot.directory.time', async (viewer, bot) => {
  const { settings } = await viewDirectory(doerOf(viewer), bot)
  const offered = secondsOffered.map((seconds) => ({
    text: `${settings?.timeoutMs === seconds * 1000 ? '✅ ' : ''}${viewer.t('directory-settings.seconds', { count: seconds })}`,
    ...timeIsSet.with(bot, String(seconds)),
  }))
  return { text: viewer.tHtml('directory-settings.askTimeout'), buttons: [...rowsOf(offered), [backTo(viewer, bot)]] }
})

const timeIsSet: Menu<[bot: string, seconds: string]> = defineMenu(
  'bot.directory.wait',
  async (viewer, bot, seconds) => {
    await setDirectoryTimeout(doerOf(viewer), bot, Number(seconds))
    return { ...(await page.page(viewer, bot)), toast: viewer.t('directory-settings.set') }
  },
)

const remove: OfBot = defineMenu('bot.directory.remove', async (viewer, bot) => {
  const removing = { text: viewer.t('directory-settings.remove'), ...removed.with(bot) }
  return withWord(viewer, bot, viewer.tHtml('directory-settings.confirmRemoval'), [[removing], [backTo(viewer, bot)]])
})

const removed: OfBot = defineMenu('bot.directory.removed', async (viewer, bot) => {
  await removeDirectory(doerOf(viewer), bot)
  return { ...(await page.page(viewer, bot)), toast: viewer.t('directory-settings.removed') }
})

/** The customer's system, as a bot calls it. */
export const directory = defineSkill({
  id: 'directory',
  scenes: [setUpDirectoryScene, changeCallScene, askDirectoryScene],
  menus: [page, check, calls, timeout, timeIsSet, remove, removed],
})

async function withWord(viewer: Viewer, bot: string, word: string, buttons?: Button[][]): Promise<Page> {
  const shown = await page.page(viewer, bot)
  return { text: `${shown.text}\n\n${word}`, buttons: buttons ?? shown.buttons }
}

function backTo({ t }: Viewer, bot: string): Button {
  return { text: t('common.back'), ...toDirectory(bot) }
}

function offers({ t }: Viewer, bot: string, { settings, own }: DirectoryView): Button[][] {
  const setUp = {
    text: t(own ? 'directory-settings.setUpAnew' : 'directory-settings.setUp'),
    ...setUpDirectoryScene.with({ bot }),
  }
  const asks = [
    { text: t('directory-settings.check'), ...check.with(bot) },
    { text: t('directory-settings.ask'), ...askDirectoryScene.with({ bot }) },
  ]
  const changes = [
    { text: t('directory-settings.changeCalls'), ...calls.with(bot) },
    { text: t('directory-settings.timeout'), ...timeout.with(bot) },
  ]
  return [
    ...(settings ? [asks] : []),
    [setUp],
    ...(own ? [changes, [{ text: t('directory-settings.remove'), ...remove.with(bot) }]] : []),
    [{ text: t('common.back'), ...toBot(bot) }],
  ]
}
