import { doerOf, mayAll } from '../../acts/authorise.ts'
import { visibleBots } from '../../acts/bot-views.ts'
import { standing } from '../../acts/claim.ts'
import { defineMenu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { addBotScene } from '../../scenes/add-bot.ts'
import { allowInChatsScene } from '../../scenes/allow-in-chats.ts'
import { claimMetabot, startUninvited } from '../../scenes/claim.ts'
import { toAdmins, toApiKeys, toBots, toHelp, toHome, toLanguage } from '../../scenes/menus.ts'
import { showHelp, showLanguage } from '../../scenes/show.ts'
import { startMetabot } from '../../scenes/start-metabot.ts'
import { strayText } from '../../scenes/stray-text.ts'
import { languageMenu } from './language-menu.ts'

/** The first page; `lost` is for whoever said something that nothing else took. */
const home = defineMenu<string[]>('home', async (viewer, why) => {
  const page = await homeOf(viewer)
  return why === 'lost' ? { ...page, text: `${viewer.tHtml('colony.lost')}\n\n${page.text}` } : page
})

const help = defineMenu('help', async (viewer) => {
  const member = (await standing(doerOf(viewer))) === 'member'
  const text = viewer.tHtml(member ? 'colony.help' : 'colony.stranger')
  return { text, buttons: [[{ text: viewer.t('common.back'), ...toHome() }]] }
})

/** Metabot's front door: the claim, the first page, help, the language. */
export const colony = defineSkill({
  id: 'colony',
  commands: { start: startMetabot, help: showHelp, language: showLanguage },
  otherwise: strayText,
  scenes: [claimMetabot, startUninvited],
  menus: [home, help, languageMenu],
})

async function homeOf(viewer: Viewer): Promise<Page> {
  const where = await standing(doerOf(viewer))
  if (where === 'member') return membersHome(viewer)
  if (where === 'stranger') return { text: viewer.tHtml('colony.stranger'), buttons: [] }
  const enterCode = { text: viewer.t('colony.enterCode'), ...claimMetabot.with() }
  return { text: viewer.tHtml('colony.unclaimed'), buttons: [[enterCode]] }
}

async function membersHome(viewer: Viewer): Promise<Page> {
  const { t, tHtml } = viewer
  const admin = doerOf(viewer)
  const [count, runsAll] = [(await visibleBots(admin)).length, await mayAll(admin, 'admin')]
  const apiKeys = { text: t('colony.apiKeys'), ...toApiKeys() }
  const addBot = { text: t('colony.addBot'), ...addBotScene.with() }
  return {
    text: tHtml('colony.home', { count }),
    buttons: [
      count > 0 ? [{ text: t('colony.bots'), ...toBots() }, addBot] : [addBot],
      runsAll ? [apiKeys, { text: t('colony.admins'), ...toAdmins('') }] : [apiKeys],
      ...(count > 0 ? [[{ text: t('colony.allowInChats'), ...allowInChatsScene.with() }]] : []),
      [
        { text: t('basics.languageButton'), ...toLanguage() },
        { text: t('basics.helpButton'), ...toHelp() },
      ],
    ],
  }
}
