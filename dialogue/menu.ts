import type { TextKey, TextParams } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { MenuCall, SceneCall } from '../models/callback-data.ts'
import type { BotHandle } from './bot-handle.ts'

/** A button: opens a menu in place, begins a scene, or is a link. */
export type Button = { text: string } & (MenuCall | SceneCall | { url: string })

/** What a menu shows: Telegram HTML, rows of buttons, and a toast (a short word about what the press has done). */
export type Page = { text: string; buttons: Button[][]; toast?: string | undefined }

/** Who looks at a menu, and where. */
export type Viewer = {
  bot: BotHandle
  person: { id: number; name: string; locale: Locale }
  /** Others look along: what opens in private only is not offered there. */
  inGroup: boolean
  t(key: TextKey, params?: TextParams): string
  tHtml(key: TextKey, params?: TextParams): string
}

/**
 * A stateless page: all it needs is in its arguments, so its buttons work after a restart and a hundred messages later. A press may act
 * before it shows the page; it authorises anew, and throws a UserError to refuse.
 */
export type Menu<Args extends string[] = string[]> = {
  readonly id: string
  readonly page: (viewer: Viewer, ...args: Args) => Promise<Page>
  /** This menu with arguments, for a button. */
  with(...args: Args): MenuCall
}

// biome-ignore lint/suspicious/noExplicitAny: a list of menus has no one type of arguments
export type AnyMenu = Menu<any>

/** Defines a callback route; `id` is short (`bot.users`), since a button carries 64 bytes. */
export function defineMenu<Args extends string[]>(
  id: string,
  page: (viewer: Viewer, ...args: Args) => Promise<Page>,
): Menu<Args> {
  return { id, page, with: (...args) => ({ menu: id, args }) }
}
