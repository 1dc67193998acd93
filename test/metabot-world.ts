import type { Colony } from '../chat-test.ts'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'

/** Opens one of the menus of a bot's card in Metabot. */
export async function openOfCard(metabot: PersonChat, bot: RegExp, menu: RegExp): Promise<void> {
  await metabot.sends('/bots')
  await metabot.presses(bot)
  await metabot.presses(menu)
}

export async function botNamed(username: string): Promise<BotRecord> {
  return Bot.named('sandbox', username).orFail()
}

/** All that stands in a chat, and all that is on record of the acts on its bots: where no secret may be. */
export async function writtenIn(metabot: PersonChat): Promise<string> {
  return JSON.stringify([await metabot.messages(), await Audit.find().lean()])
}

/** The acting admin of a colony, as acts know them. */
export function ownerOf({ admin }: Colony): { server: string; personId: number } {
  return { server: 'sandbox', personId: admin.person.id }
}
