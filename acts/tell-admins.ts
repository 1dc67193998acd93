import { type TextKey, tAll } from '../config/i18n.ts'
import { tellPersons } from '../delivery/notify.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Right } from '../models/right.ts'
import { metabotKind } from './authorise.ts'

/** What an admin can do about it: the button under the message, as callback data of Metabot's menus and scenes. */
const remedies = {
  'open-card': { text: 'alert.openCard', data: (bot: string) => `m|bot|${bot}` },
  'replace-token': {
    text: 'alert.replaceToken',
    data: (bot: string) => `s|replace-token@1|${JSON.stringify({ bot })}`,
  },
} as const

/** Tells the admins of a bot something about it by the Metabot of its server, with the button that mends it. */
export async function tellAdmins(
  bot: BotRecord,
  key: TextKey,
  remedy: keyof typeof remedies = 'open-card',
): Promise<void> {
  const metabot = await Bot.findOne({ server: bot.server, kind: metabotKind }).lean<BotRecord>()
  if (!metabot) return
  const admins = await Right.holders(bot.server, bot._id, 'admin')
  const { text, data } = remedies[remedy]
  // Metabot has no card of its own, and its own token is a setting.
  const buttons = bot.kind === metabotKind ? [] : [[{ text: tAll(text), data: data(String(bot._id)) }]]
  const content = {
    text: tAll(key, { name: bot.name, username: bot.username }),
    format: 'html' as const,
    buttons,
  }
  await tellPersons(metabot, admins, content, { system: true })
}
