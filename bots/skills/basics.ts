import type { TextKey } from '../../config/i18n.ts'
import { rowsOf } from '../../dialogue/button-rows.ts'
import { commandNames, commandText } from '../../dialogue/command-text.ts'
import { type Button, defineMenu, type Viewer } from '../../dialogue/menu.ts'
import { isPrivate, privateParts } from '../../dialogue/private-parts.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { anythingElse } from '../../scenes/anything-else.ts'
import { toHelp, toHome, toLanguage } from '../../scenes/menus.ts'
import { showHelp, showLanguage } from '../../scenes/show.ts'
import { startBot } from '../../scenes/start-bot.ts'
import { stopBot } from '../../scenes/stop-bot.ts'
import { patienceLine } from './intake-words.ts'
import { languageMenu } from './language-menu.ts'

/** The bot's first page; `lost` is for whoever said something that nothing else took. */
const home = defineMenu<string[]>('home', async (viewer, why) => {
  const { bot, person, tHtml } = viewer
  const beginning =
    why === 'lost' ? tHtml('basics.lost') : tHtml('basics.greeting', { person: person.name, bot: bot.record.name })
  const patience = patienceLine(viewer, bot.record)
  const text = [beginning, ...abouts(viewer), ...(patience ? [patience] : [])].join('\n\n')
  return { text, buttons: rowsOf(buttonsOf(viewer)) }
})

const help = defineMenu('help', async (viewer) => {
  const { bot, person, inGroup, t, tHtml } = viewer
  const { commands: privately } = privateParts(bot)
  const commands = commandNames(bot.skills)
    .filter((name) => !inGroup || !privately.has(name))
    .map((name) => `/${name} – ${commandText(bot.record.kind, name, person.locale)}`)
  const text = [tHtml('basics.help', { bot: bot.record.name }), ...abouts(viewer), commands.join('\n')].join('\n\n')
  return { text, buttons: [[{ text: t('common.back'), ...toHome() }]] }
})

/** What every bot for people has: a greeting, help, the choice of language, an end, and an answer to anything else. */
export const basics = defineSkill({
  id: 'basics',
  commands: { start: startBot, help: showHelp, language: showLanguage, stop: stopBot },
  buttons: { 'basics.languageButton': toLanguage(), 'basics.helpButton': toHelp() },
  otherwise: anythingElse,
  privateOnly: ['language', 'stop'],
  menus: [home, help, languageMenu],
})

function abouts({ bot, tHtml }: Viewer): string[] {
  return bot.skills.flatMap(({ about }) => (about ? [tHtml(about)] : []))
}

/** The buttons of all skills; those that every bot has come last. */
function buttonsOf({ bot, inGroup, t }: Viewer): Button[] {
  const skills = [...bot.skills.filter((skill) => skill !== basics), basics]
  const parts = privateParts(bot)
  return skills.flatMap(({ buttons = {} }) =>
    Object.entries(buttons)
      .filter(([, call]) => !inGroup || !isPrivate(call, parts))
      .map(([key, call]) => ({ text: t(key as TextKey), ...call })),
  )
}
