import type { z } from 'zod'
import type { TextKey } from '../config/i18n.ts'
import type { BotRecord } from '../models/bot.ts'
import type { MenuCall, SceneCall } from '../models/callback-data.ts'
import type { AnyEndpoint } from './endpoint.ts'
import type { AnyMenu } from './menu.ts'
import type { AnyScene, CommandArgs, Scene } from './scene.ts'
import type { Talk } from './talk.ts'
import type { Speaker } from './visit.ts'

/** A scene that a command, a phrase or any message may begin. */
export type OpenScene = Scene<void> | Scene<CommandArgs>

/** A button of a bot's first page; without `for` everybody sees it. */
export type HomeButton = (MenuCall | SceneCall) & { for?: 'guests' | 'linked' }

/** Commands, scenes, menus and endpoints that belong together. */
export type Skill = {
  readonly id: string
  /** What an admin may set per bot; kept under the skill's id in the bot's record. */
  readonly settings?: z.ZodType
  /**
   * Commands without slash, 1-32 of `[a-z0-9_]`; each described to people by the text `command.<name>` (authors:
   * `<kind>.command.<name>`).
   */
  readonly commands?: Record<string, OpenScene>
  /**
   * Scenes begun by a phrase: the text's key holds the phrases of a language, parted by `|`; letter case, quotes,
   * spaces and a full stop do not count.
   */
  readonly phrases?: Partial<Record<TextKey, OpenScene>>
  /** What it does for people, in a sentence: a line of the bot's greeting and of /help. */
  readonly about?: TextKey | { text: TextKey; for: 'guests' | 'linked' }
  /** Buttons of this skill under the bot's greeting, by the key of their text. */
  readonly buttons?: Partial<Record<TextKey, HomeButton>>
  /** What answers a message that nothing else took. The first skill that has one wins. */
  readonly otherwise?: OpenScene
  /**
   * What somebody has to hear before anything else: the scene begins in place of whatever they did, while they are
   * concerned.
   */
  readonly firstly?: { concerns(person: Speaker): boolean; scene: OpenScene }
  /** What is begun with who comes back, after a pause or a disconnect, once the first page is shown. */
  readonly onReturn?: (talk: Talk) => Promise<void>
  readonly scenes?: readonly AnyScene[]
  readonly menus?: readonly AnyMenu[]
  readonly endpoints?: readonly AnyEndpoint[]
  /** Whether words are confidential: said in a group, they are answered by leading to the private chat. */
  readonly confidential?: (text: string, bot: BotRecord) => boolean
  /** What opens in private chats only: all of it, or these commands and menus. In a group the bot then leads there. */
  readonly privateOnly?: true | readonly string[]
}

export function defineSkill(skill: Skill): Skill {
  return skill
}
