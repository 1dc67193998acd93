import type { TextKey } from '../../config/i18n.ts'
import { rowsOf } from '../../dialogue/button-rows.ts'
import { commandNames, commandText } from '../../dialogue/command-text.ts'
import { type Button, defineMenu, type Viewer } from '../../dialogue/menu.ts'
import { isPrivate, privateParts } from '../../dialogue/private-parts.ts'
import { defineSkill, type HomeButton } from '../../dialogue/skill.ts'
import { Person, roleOf } from '../../models/person.ts'
import { anythingElse } from '../../scenes/anything-else.ts'
import { toHelp, toHome, toLanguage } from '../../scenes/menus.ts'
import { returnedScene } from '../../scenes/returned.ts'
import { showHelp, showHome, showLanguage } from '../../scenes/show.ts'
import { startBotBefore } from '../../scenes/start-before.ts'
import { startBot } from '../../scenes/start-bot.ts'
import { stopBot } from '../../scenes/stop-bot.ts'
import { patienceLine } from './intake-words.ts'
import { languageMenu } from './language-menu.ts'

/** The bot's first page; `lost` is for whoever said something that nothing else took. */
const home = defineMenu<string[]>('home', async (viewer, why) => {
  const { bot, person, inGroup, tHtml } = viewer
  const role = inGroup ? null : roleOf(await Person.of(bot.record._id, person.id))
  const greeting = role === null ? 'basics.greeting' : 'basics.greetingLinked'
  const beginning =
    why === 'lost' ? tHtml('basics.lost') : tHtml(greeting, { person: person.name, bot: bot.record.name })
  const patience = patienceLine(viewer, bot.record)
  const text = [beginning, ...abouts(viewer, role), ...(patience ? [patience] : [])].join('\n\n')
  return { text, buttons: rowsOf(buttonsOf(viewer, role)) }
})

const help = defineMenu('help', async (viewer) => {
  const { bot, person, inGroup, t, tHtml } = viewer
  const { commands: privately } = privateParts(bot)
  const commands = commandNames(bot.skills)
    .filter((name) => !inGroup || !privately.has(name))
    .map((name) => `/${name} – ${commandText(bot.record.kind, name, person.locale)}`)
  const role = inGroup ? null : roleOf(await Person.of(bot.record._id, person.id))
  const text = [tHtml('basics.help', { bot: bot.record.name }), ...abouts(viewer, role), commands.join('\n')].join(
    '\n\n',
  )
  return { text, buttons: [[{ text: t('common.back'), ...toHome() }]] }
})

/** What every bot for people has: a greeting, help, the choice of language, an end, and an answer to anything else. */
export const basics = defineSkill({
  id: 'basics',
  commands: { start: startBot, help: showHelp, language: showLanguage, stop: stopBot },
  buttons: { 'basics.languageButton': toLanguage(), 'basics.helpButton': toHelp() },
  otherwise: anythingElse,
  privateOnly: ['language', 'stop'],
  scenes: [showHome, returnedScene, startBotBefore],
  menus: [home, help, languageMenu],
})

function abouts({ bot, tHtml }: Viewer, role: string | null): string[] {
  return bot.skills.flatMap(({ about }) => {
    if (about === undefined) return []
    if (typeof about === 'string') return [tHtml(about)]
    return isFor(about, role) ? [tHtml(about.text)] : []
  })
}

/**
 * What the kind shows to a role, or else the buttons of all skills that are for guests or for who is linked; those
 * that every bot has come last.
 */
function buttonsOf({ bot, inGroup, t }: Viewer, role: string | null): Button[] {
  const skills = [...bot.skills.filter((skill) => skill !== basics), basics]
  const all = skills.flatMap(({ buttons = {} }) => Object.entries(buttons) as [TextKey, HomeButton][])
  const declared = bot.roles[role ?? 'guest']
  const shown = declared
    ? declared.flatMap((key) => all.filter(([name]) => name === key))
    : all.filter(([, button]) => isFor(button, role))
  const parts = privateParts(bot)
  return shown
    .filter(([, call]) => !inGroup || !isPrivate(call, parts))
    .map(([key, { for: _, ...call }]) => ({ text: t(key), ...call }))
}

function isFor({ for: whom }: Pick<HomeButton, 'for'>, role: string | null): boolean {
  return whom === undefined || (whom === 'guests') === (role === null)
}
