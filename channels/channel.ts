import type { Update } from 'grammy/types'

/** What a channel's messenger can do. Nobody asks for a channel's name, they ask this. */
export type Capabilities = {
  /** Longest text of one message and longest caption, in UTF-16 units. */
  textLength: number
  captionLength: number
  /** Buttons under a message, and the bytes that one may carry. */
  buttons: boolean
  buttonBytes: number
  edit: boolean
  /** Whether the bot may delete a message that a person wrote in a private chat. */
  deleteOthers: boolean
  /** A short answer to a press that is no message. */
  toast: boolean
  files: boolean
  /** Whether a shared contact proves that the number is the sender's. */
  phoneProof: boolean
}

/** Who a bot is, as its messenger says it; `botId` is the messenger's id. */
export type BotInfo = { botId: string; username: string; name: string; description: string }

/**
 * The answer to a call. A failure is an answer too: `error_code` is the Bot API's; 0 is no answer at all, and then `unsent` tells that
 * the request surely never arrived (no connection), its absence that it may have been carried out.
 */
export type ApiResponse<T = unknown> = { ok: true; result: T } | ApiFailure
export type ApiFailure = {
  ok: false
  error_code: number
  description: string
  parameters?: { retry_after?: number; migrate_to_chat_id?: number }
  unsent?: true
}

export type ChannelEvent = { eventId: string; update: Update }

/** One bot on one messenger. Foreign events become Bot API updates, Bot API methods become foreign calls. */
export interface Channel {
  readonly capabilities: Capabilities

  /** Asks the messenger who this token is: the token check. */
  identify(signal?: AbortSignal): Promise<ApiResponse<BotInfo>>

  /** Carries out a Bot API method. Never throws, also not when aborted. Files in the payload are grammY's `InputFile`. */
  call(method: string, payload: Record<string, unknown>, signal?: AbortSignal): Promise<ApiResponse>

  /**
   * Waits for events after the given place (`0` at the start of a process) and answers them with the next place. Asking with that place
   * confirms them to the messenger, so store them first.
   */
  poll?(after: number, signal: AbortSignal): Promise<ApiResponse<{ events: ChannelEvent[]; next: number }>>
}
