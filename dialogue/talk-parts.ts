import type { BotHandle } from './bot-handle.ts'
import type { Menus } from './menus.ts'

/** What a bot's scenes have in common. */
export type TalkParts = {
  bot: BotHandle
  menus: Menus
  /** Whether a shared contact proves that the number is the sender's. */
  phoneProof: boolean
}
