import { doerOf } from '../../acts/authorise.ts'
import { stateOf, visibleBots } from '../../acts/bot-views.ts'
import { checkBot, removeBot, switchBot } from '../../acts/bots.ts'
import { defineMenu } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { addBotScene } from '../../scenes/add-bot.ts'
import { toBot, toHome } from '../../scenes/menus.ts'
import { renameBotScene } from '../../scenes/rename-bot.ts'
import { replaceTokenScene } from '../../scenes/replace-token.ts'
import { showBots } from '../../scenes/show.ts'
import { botCard } from './bot-card.ts'
import { keySettingsMenu, setKeySettings, setKeySharing } from './key-settings.ts'
import { list, type Route } from './list.ts'

const marks = { runs: '🟢', switchedOff: '⚪', tokenDead: '🔴' }

const botList = defineMenu<string[]>('bots', async (viewer, page = '0') => {
  const bots = await visibleBots(doerOf(viewer))
  const rows = bots.map((bot) => ({ text: `${marks[stateOf(bot)]} ${bot.name}`, ...toBot(String(bot._id)) }))
  const route: Route = (to) => botList.with(String(to))
  return {
    text: viewer.tHtml('bots.list', { count: bots.length }),
    buttons: [
      ...list(rows, Number(page), route),
      [{ text: viewer.t('colony.addBot'), ...addBotScene.with() }],
      [{ text: viewer.t('common.back'), ...toHome() }],
    ],
  }
})

const card = defineMenu<[bot: string]>('bot', botCard)

const check = defineMenu<[bot: string]>('bot.check', async (viewer, bot) => {
  await checkBot(doerOf(viewer), bot)
  return { ...(await botCard(viewer, bot)), toast: viewer.t('bots.checked') }
})

const switchOn = defineMenu<[bot: string]>('bot.on', async (viewer, bot) => {
  await switchBot(doerOf(viewer), bot, 'on')
  return { ...(await botCard(viewer, bot)), toast: viewer.t('bots.switchedOn') }
})

const switchOff = defineMenu<[bot: string]>('bot.off', async (viewer, bot) => {
  await switchBot(doerOf(viewer), bot, 'off')
  return { ...(await botCard(viewer, bot)), toast: viewer.t('bots.switchedOff') }
})

const remove = defineMenu<[bot: string]>('bot.remove', async (viewer, bot) => {
  const { t, tHtml } = viewer
  const { text } = await botCard(viewer, bot)
  return {
    text: `${text}\n\n${tHtml('bots.confirmRemoval')}`,
    buttons: [[{ text: t('bots.removeAll'), ...removed.with(bot) }], [{ text: t('common.back'), ...toBot(bot) }]],
  }
})

const removed = defineMenu<[bot: string]>('bot.removed', async (viewer, bot) => {
  const { name } = await removeBot(doerOf(viewer), bot)
  return { ...(await botList.page(viewer)), toast: viewer.t('bots.removed', { name }) }
})

/** The bots that an admin runs. */
export const bots = defineSkill({
  id: 'bots',
  commands: { bots: showBots },
  scenes: [addBotScene, replaceTokenScene, renameBotScene],
  menus: [botList, card, check, switchOn, switchOff, keySettingsMenu, setKeySettings, setKeySharing, remove, removed],
})
