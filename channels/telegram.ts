import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Update } from 'grammy/types'
import { Telegram, TelegramError } from 'telegraf'
import { limits } from '../bot-api/limits.ts'
import type { ApiFailure, ApiResponse, BotInfo, Capabilities, Channel } from './channel.ts'
import { neverConnected } from './never-connected.ts'
import { withFiles } from './telegram-files.ts'
import { telegramWebhook } from './telegram-webhook.ts'

const capabilities: Capabilities = {
  textLength: limits.text,
  captionLength: limits.caption,
  buttons: true,
  buttonBytes: limits.callbackDataBytes,
  edit: true,
  deleteOthers: true,
  toast: true,
  files: true,
  phoneProof: true,
}

/** What we ask for at every poll, and with every webhook, since Telegram keeps the last list that it was told. */
const allowedUpdates = ['message', 'edited_message', 'callback_query', 'my_chat_member'] satisfies (keyof Update)[]

export type TelegramOptions = {
  token: string
  /** Without a slash at the end: `https://api.telegram.org`, a local Bot API server, the sandbox. */
  apiRoot: string
  /** How long a poll waits for updates, in seconds. */
  pollSeconds?: number
}

/** Telegram by Telegraf's wire (`callApi`), and nothing else of Telegraf's. */
export function telegramChannel({ token, apiRoot, pollSeconds = 50 }: TelegramOptions): Channel {
  const telegram = new Telegram(token, { apiRoot, webhookReply: false })
  // Set afterwards, for Telegraf throws away an agent that it is given together with an http root. Without a cap 200 calls open 199 sockets.
  const Agent = apiRoot.startsWith('http:') ? HttpAgent : HttpsAgent
  telegram.options.agent = new Agent({ keepAlive: true, maxSockets: 32 })
  // Telegraf types the call by its own methods; at run time it takes any method of the Bot API.
  const callApi = telegram.callApi.bind(telegram) as unknown as (
    method: string,
    payload: object,
    options: { signal?: AbortSignal | undefined },
  ) => Promise<unknown>

  async function call<T = unknown>(method: string, payload: object, signal?: AbortSignal): Promise<ApiResponse<T>> {
    const ready = await withFiles(payload).catch((error: Error) => error)
    if (ready instanceof Error) return { ok: false, error_code: 400, description: `No file to send: ${ready.message}` }
    try {
      return { ok: true, result: (await callApi(method, ready, { signal })) as T }
    } catch (error) {
      return failureOf(error, token)
    }
  }

  return {
    capabilities,
    call,

    async identify(signal) {
      const me = await call<{ id: number; username: string; first_name: string }>('getMe', {}, signal)
      if (!me.ok) return me
      const about = await call<{ description: string }>('getMyDescription', {}, signal)
      if (!about.ok) return about
      const { id, username, first_name: name } = me.result
      return {
        ok: true,
        result: { botId: String(id), username, name, description: about.result.description } satisfies BotInfo,
      }
    },

    webhook: telegramWebhook(call, allowedUpdates),

    async poll(after, signal, patience) {
      const timeout = patience === 'none' ? 0 : pollSeconds
      const payload = { ...(after > 0 && { offset: after }), timeout, allowed_updates: allowedUpdates }
      // A connection that died silently must not hold the intake for ever.
      const limit = AbortSignal.any([signal, AbortSignal.timeout((timeout + 15) * 1000)])
      const answer = await call<Update[]>('getUpdates', payload, limit)
      if (!answer.ok) return answer
      const events = answer.result.map((update) => ({ eventId: String(update.update_id), update }))
      const last = answer.result.at(-1)
      return { ok: true, result: { events, next: last ? last.update_id + 1 : after } }
    },
  }
}

function failureOf(error: unknown, token: string): ApiFailure {
  if (error instanceof TelegramError) {
    const { error_code, description, parameters } = error.response
    return { ok: false, error_code, description, ...(parameters && { parameters }) }
  }
  const { message, code = '' } = error as Error & { code?: string }
  const unsent = neverConnected.has(code) || code.startsWith('CERT_') || code.startsWith('ERR_TLS')
  return {
    ok: false,
    error_code: 0,
    description: reasonOf(message).replaceAll(token, '<token>'),
    ...(unsent && { unsent: true }),
  }
}

/** Why a call did not come through, without the address it went to: the sentence is shown to other systems. */
function reasonOf(message: string): string {
  return message
    .replace(/^request to \S+ failed, reason: /, '')
    .replace(/\bhttps?:\/\/\S+/g, 'the messenger')
    .replace(/^(\w+ E[A-Z_]+) .*$/, '$1')
}
