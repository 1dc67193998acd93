import type { Bot } from '../bots.ts'
import type { Parameters } from '../parameters.ts'
import type { World } from '../world.ts'

/** One call of a bot. */
export interface Call {
  bot: Bot
  parameters: Parameters
  /** Aborts when the client has gone or the sandbox closes; made on demand. */
  gone: () => AbortSignal
}

/** A method of the Bot API: answers with the `result`, throws a `BotApiError`. */
export type BotMethod = (world: World, call: Call) => unknown
