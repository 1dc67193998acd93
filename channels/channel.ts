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

/** What somebody posted to a bot's address, as it came in. */
export type HookRequest = { headers: Record<string, string | string[] | undefined>; body: Buffer }
/** What the messenger brought; or why it is not taken: `forged` lacks the secret, `malformed` is nothing that the messenger says. */
export type HookReading = { events: ChannelEvent[] } | { refused: 'forged' | 'malformed' }
/** Where a messenger brings a bot's events, `''` while it is nowhere, and what went wrong with that last. */
export type HookInfo = { url: string; lastError?: { date: number; description: string } }

/** The way by which a messenger brings events to an address, instead of being asked for them. */
export interface Webhook {
  info(signal?: AbortSignal): Promise<ApiResponse<HookInfo>>
  /** From now on events are brought to this address, with the secret. What waits is not lost. */
  set(url: string, secret: string, signal?: AbortSignal): Promise<ApiResponse>
  /** From now on the messenger is to be asked again. What waits is not lost. */
  remove(signal?: AbortSignal): Promise<ApiResponse>
  /** Checks that the messenger speaks, and translates. */
  read(request: HookRequest, secret: string): HookReading
}

/** One bot on one messenger. Foreign events become Bot API updates, Bot API methods become foreign calls. */
export interface Channel {
  readonly capabilities: Capabilities

  /** Asks the messenger who this token is: the token check. */
  identify(signal?: AbortSignal): Promise<ApiResponse<BotInfo>>

  /** Carries out a Bot API method. Never throws, also not when aborted. Files in the payload are grammY's `InputFile`. */
  call(method: string, payload: Record<string, unknown>, signal?: AbortSignal): Promise<ApiResponse>

  /**
   * Waits for events after the given place (`0` at the start of a process) and answers them with the next place. Asking with that place
   * confirms them to the messenger, so store them first. It waits as long as is best for the messenger, with `patience` none at all.
   */
  poll?(
    after: number,
    signal: AbortSignal,
    patience?: 'none',
  ): Promise<ApiResponse<{ events: ChannelEvent[]; next: number }>>

  readonly webhook?: Webhook
}
