import type { ReplyKeyboardMarkup } from 'grammy/types'
import { limits } from './limits.ts'

type Loose = Record<string, unknown>

/**
 * Checks a reply_markup as Telegram does: the description of its error answer (without `Bad Request: `), or undefined.
 * `inlineOnly` is for methods that change a message.
 */
export function checkReplyMarkup(markup: unknown, { inlineOnly = false } = {}): string | undefined {
  if (!isObject(markup)) return 'object expected as reply markup'
  if (markup.inline_keyboard !== undefined)
    return checkRows('inline_keyboard', markup.inline_keyboard, checkInlineButton)
  if (inlineOnly) return Object.keys(markup).length === 0 ? undefined : 'inline keyboard expected'
  if (markup.keyboard !== undefined) return checkRows('keyboard', markup.keyboard, checkReplyButton)
  return undefined
}

const privateRequests = {
  request_contact: 'phone number',
  request_location: 'location',
  request_poll: 'poll',
  request_users: 'users',
  request_chat: 'chats',
}

/** What a reply keyboard asks for that only a private chat may ask: Telegram's description, or undefined. */
export function checkGroupKeyboard({ keyboard }: Pick<ReplyKeyboardMarkup, 'keyboard'>): string | undefined {
  for (const button of keyboard.flat()) {
    const asked = Object.entries(privateRequests).find(([field]) => (button as unknown as Loose)[field])
    if (asked) return `${asked[1]} can be requested in private chats only`
  }
  return undefined
}

type CheckButton = (button: unknown) => string | undefined

function checkRows(field: string, rows: unknown, check: CheckButton): string | undefined {
  const kind = field === 'keyboard' ? 'ReplyKeyboardMarkup' : 'InlineKeyboardMarkup'
  if (!Array.isArray(rows)) return `field "${field}" of the ${kind} must be an Array`
  let count = 0
  for (const row of rows) {
    if (!Array.isArray(row)) return `field "${field}" of the ${kind} must be an Array of Arrays`
    count += row.length
    for (const button of row) {
      const error = check(button)
      if (error) return error
    }
  }
  const most = field === 'keyboard' ? limits.replyButtons : limits.inlineButtons
  return count > most ? 'REPLY_MARKUP_TOO_LONG' : undefined
}

const inlineKinds = [
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
  'disabled',
]

function checkInlineButton(button: unknown): string | undefined {
  const fail = (why: string) => `can't parse inline keyboard button: ${why}`
  if (!isObject(button)) return fail('InlineKeyboardButton must be an Object')
  const text = checkText(button)
  if (text) return fail(text)
  if (button.text === '') return 'inline keyboard button text must be non-empty'
  if (button.callback_data !== undefined) return checkData(button.callback_data)
  if (button.url !== undefined) return isLink(button.url) ? undefined : 'BUTTON_URL_INVALID'
  return inlineKinds.some((kind) => button[kind] !== undefined)
    ? undefined
    : fail('Text buttons are unallowed in the inline keyboard')
}

function checkReplyButton(button: unknown): string | undefined {
  if (typeof button === 'string') return button ? undefined : 'keyboard button text must be non-empty'
  const fail = (why: string) => `can't parse keyboard button: ${why}`
  if (!isObject(button)) return fail('KeyboardButton must be a String or an Object')
  const text = checkText(button)
  if (text) return fail(text)
  return button.text === '' ? 'keyboard button text must be non-empty' : undefined
}

function checkText(button: Loose): string | undefined {
  if (button.text === undefined) return 'Can\'t find field "text"'
  return typeof button.text === 'string' ? undefined : 'Field "text" must be of type String'
}

function checkData(data: unknown): string | undefined {
  if (typeof data !== 'string')
    return 'can\'t parse inline keyboard button: Field "callback_data" must be of type String'
  const bytes = Buffer.byteLength(data)
  return bytes < 1 || bytes > limits.callbackDataBytes ? 'BUTTON_DATA_INVALID' : undefined
}

function isLink(url: unknown): boolean {
  if (typeof url !== 'string' || url.trim() === '') return false
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`
  if (!URL.canParse(full)) return false
  const { protocol, hostname } = new URL(full)
  if (protocol === 'tg:' || protocol === 'ton:') return true
  return (protocol === 'http:' || protocol === 'https:') && (hostname.includes('.') || hostname.startsWith('['))
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
