import type { InlineKeyboardButton, Message } from 'grammy/types'
import { placeOf } from '../any-chat.ts'
import type { Bot } from '../bots.ts'
import { PeopleApiError } from '../failures.ts'
import { type Group, isIn, memberOf } from '../groups.ts'
import { asUser } from '../people.ts'
import type { World } from '../world.ts'
import { messageOf, type Side, writableChat } from './side.ts'

type Button = { data: string } | { row: number; column: number }

/** Presses a button of a message by its data or its place, answers with the id of the query that the bot gets. */
export function press(world: World, side: Side, messageId: number, button: Button): string {
  const chat = writableChat(world, side)
  const message = messageOf(world, side, messageId)
  const data = dataOf(findButton(message.reply_markup?.inline_keyboard ?? [], button))
  const bot = 'bot' in side ? side.bot : senderIn(world, side.group, message)
  const id = world.queries.add({ bot: bot.id, person: side.person.id, peer: 'bot' in side ? bot.id : side.group.id })
  const chat_instance = placeOf(chat).join('').replaceAll('-', '')
  world.updates.add(bot, 'callback_query', {
    callback_query: { id, from: asUser(side.person), message, chat_instance, data },
  })
  return id
}

/** The bot whose message it is, if it is still in the group. */
function senderIn({ bots }: World, group: Group, { from }: Message): Bot {
  const bot = from && bots.get(from.id)
  if (bot && isIn(memberOf(group, bot.id))) return bot
  throw new PeopleApiError(409, `@${bot?.username ?? 'the bot'} is not in this group any more`)
}

function findButton(rows: InlineKeyboardButton[][], button: Button): InlineKeyboardButton {
  const found =
    'row' in button
      ? rows[button.row]?.[button.column]
      : rows.flat().find((one) => 'callback_data' in one && one.callback_data === button.data)
  if (!found) throw new PeopleApiError(404, 'This message has no such button')
  return found
}

function dataOf(button: InlineKeyboardButton): string {
  if ('callback_data' in button) return button.callback_data
  throw new PeopleApiError(400, 'This button sends nothing to the bot: it is for the client to follow')
}
