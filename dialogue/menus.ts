import type { InlineKeyboardMarkup } from 'grammy/types'
import { type TextKey, type TextParams, t, tHtml } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { MenuCall } from '../models/callback-data.ts'
import { encode } from '../models/callback-data.ts'
import type { BotHandle } from './bot-handle.ts'
import type { AnyMenu, Button, Page, Viewer } from './menu.ts'

type Looking = { id: number; name: string; locale: Locale; inGroup: boolean }

/** The menus of one bot. */
export class Menus {
  readonly #bot: BotHandle
  readonly #menus: ReadonlyMap<string, AnyMenu>
  readonly #buttonBytes: number

  constructor(bot: BotHandle, menus: readonly AnyMenu[], buttonBytes: number) {
    this.#bot = bot
    this.#menus = new Map(menus.map((menu) => [menu.id, menu]))
    this.#buttonBytes = buttonBytes
  }

  /** Runs a menu, or answers undefined when this bot has none of that name (any more). */
  async open({ menu, args }: MenuCall, { id, name, locale, inGroup }: Looking): Promise<Page | undefined> {
    const viewer: Viewer = {
      bot: this.#bot,
      person: { id, name, locale },
      inGroup,
      t: (key: TextKey, params?: TextParams) => t(locale, key, params),
      tHtml: (key: TextKey, params?: TextParams) => tHtml(locale, key, params),
    }
    return this.#menus.get(menu)?.page(viewer, ...args)
  }

  /** A page as a message: what sendMessage and editMessageText take. */
  async message({
    text,
    buttons,
  }: Page): Promise<{ text: string; parse_mode: 'HTML'; reply_markup: InlineKeyboardMarkup }> {
    const rows = buttons.map((row) => Promise.all(row.map((button) => this.#key(button))))
    return { text, parse_mode: 'HTML', reply_markup: { inline_keyboard: await Promise.all(rows) } }
  }

  async #key(button: Button) {
    if ('url' in button) return { text: button.text, url: button.url }
    return { text: button.text, callback_data: await encode(button, this.#buttonBytes) }
  }
}
