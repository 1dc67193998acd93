import { limits } from '../bot-api/limits.ts'
import { type TextKey, tAll } from '../config/i18n.ts'
import { tellPersons } from '../delivery/notify.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { encode } from '../models/callback-data.ts'
import { Right } from '../models/right.ts'
import { metabotKind } from './authorise.ts'

/** What an admin can do about it: the button under the message, which opens a menu or a scene of Metabot's. */
const remedies = {
  'open-card': { text: 'alert.openCard', press: (bot: string) => ({ menu: 'bot', args: [bot] }) },
  'replace-token': {
    text: 'alert.replaceToken',
    press: (bot: string) => ({ scene: 'replace-token@1', args: { bot } }),
  },
} as const

/** Tells the admins of a bot something about it by the Metabot of its server, with the button that mends it. */
export async function tellAdmins(
  bot: BotRecord,
  key: TextKey,
  remedy: keyof typeof remedies = 'open-card',
): Promise<void> {
  const metabot = await Bot.theOne(bot.server, metabotKind)
  if (!metabot) return
  const admins = await Right.holders(bot.server, bot._id, 'admin')
  const { text, press } = remedies[remedy]
  const data = await encode(press(String(bot._id)), limits.callbackDataBytes)
  // Metabot has no card of its own, and its own token is a setting.
  const buttons = bot.kind === metabotKind ? [] : [[{ text: tAll(text), data }]]
  const content = {
    text: tAll(key, { name: bot.name, username: bot.username }),
    format: 'html' as const,
    buttons,
  }
  await tellPersons(metabot, admins, content, { system: true })
}
