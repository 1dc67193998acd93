import { limits } from '../bot-api/limits.ts'
import { type TextKey, type TextParams, tAll } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import { tellPersons } from '../delivery/notify.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { encode, type MenuCall, type SceneCall } from '../models/callback-data.ts'
import { Right } from '../models/right.ts'
import { metabotKind } from './authorise.ts'

/** What an admin can do about it: the button under the message, which opens a menu or a scene of Metabot's. */
const remedies = {
  'open-card': { text: 'alert.openCard', press: (bot: string) => ({ menu: 'bot', args: [bot] }) },
  'open-intake': { text: 'alert.openIntake', press: (bot: string) => ({ menu: 'bot.intake', args: [bot] }) },
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
  const { text, press } = remedies[remedy]
  await announce(bot, { key }, [{ text, press: press(String(bot._id)) }])
}

/** A button under such a message. */
export type Offer = { text: TextKey; press: MenuCall | SceneCall }

/** Tells the admins of a bot something, with a row of buttons. The text may say the bot's `name` and `username`. */
export async function announce(
  bot: BotRecord,
  { key, params = {} }: { key: TextKey; params?: TextParams | ((locale: Locale) => TextParams) },
  row: Offer[],
): Promise<void> {
  const metabot = await Bot.theOne(bot.server, metabotKind)
  if (!metabot) return
  const admins = await Right.holders(bot.server, bot._id, 'admin')
  const buttons = row.map(async ({ text, press }) => ({
    text: tAll(text),
    data: await encode(press, limits.callbackDataBytes),
  }))
  const content = {
    text: tAll(key, (locale) => ({
      name: bot.name,
      username: bot.username,
      ...(typeof params === 'function' ? params(locale) : params),
    })),
    format: 'html' as const,
    // Metabot has no card of its own, and its own token is a setting.
    buttons: bot.kind === metabotKind ? [] : [await Promise.all(buttons)],
  }
  await tellPersons(metabot, admins, content, { system: true })
}
