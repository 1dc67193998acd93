import type { ForceReply, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup } from 'grammy/types'
import { checkGroupKeyboard, checkReplyMarkup } from '../../bot-api/keyboard.ts'
import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'

/** What a `reply_markup` asks for: buttons under the message, another keyboard of the person (`null` removes it), or an answer. */
export interface Markup {
  inline?: InlineKeyboardMarkup
  keyboard?: ReplyKeyboardMarkup | null
  force?: ForceReply
}

export function readMarkup(parameters: Parameters, { inGroup }: { inGroup: boolean }): Markup {
  const given = read(parameters, false)
  if (!given) return {}
  if ('inline_keyboard' in given) return withoutEmptyRows(given as InlineKeyboardMarkup)
  if ('keyboard' in given) {
    const refused = inGroup && checkGroupKeyboard(given as ReplyKeyboardMarkup)
    if (refused) throw badRequest(refused)
    return { keyboard: withButtonObjects(given as ReplyKeyboardMarkup) }
  }
  if ('force_reply' in given && given.force_reply === true) return { force: given as ForceReply }
  return 'remove_keyboard' in given && given.remove_keyboard ? { keyboard: null } : {}
}

/** For methods that change a message, where only an inline keyboard makes sense. */
export function readInlineMarkup(parameters: Parameters): InlineKeyboardMarkup | undefined {
  const given = read(parameters, true)
  return given && 'inline_keyboard' in given ? withoutEmptyRows(given as InlineKeyboardMarkup).inline : undefined
}

function read(parameters: Parameters, inlineOnly: boolean): object | undefined {
  const given = parameters.json('reply_markup', 'reply keyboard markup')
  if (given === undefined) return undefined
  const error = checkReplyMarkup(given, { inlineOnly })
  if (error) throw badRequest(error)
  return given as object
}

function withoutEmptyRows({ inline_keyboard }: InlineKeyboardMarkup): Markup {
  const rows = inline_keyboard.filter((row) => row.length > 0)
  return rows.length > 0 ? { inline: { inline_keyboard: rows } } : {}
}

function withButtonObjects(markup: ReplyKeyboardMarkup): ReplyKeyboardMarkup {
  const asObject = (button: KeyboardButton) => (typeof button === 'string' ? { text: button } : button)
  return { ...markup, keyboard: markup.keyboard.map((row) => row.map(asObject)) }
}
