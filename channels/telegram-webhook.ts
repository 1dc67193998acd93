import { timingSafeEqual } from 'node:crypto'
import type { Update, WebhookInfo } from 'grammy/types'
import type { ApiResponse, HookReading, HookRequest, Webhook } from './channel.ts'

type Call = <T>(method: string, payload: object, signal?: AbortSignal) => Promise<ApiResponse<T>>

/**
 * Telegram's webhooks without Telegraf's, which answers 200 when its handler throws, and may answer with a call whose error nobody sees.
 * `drop_pending_updates` is never asked for.
 */
export function telegramWebhook(call: Call, allowedUpdates: readonly string[]): Webhook {
  return {
    async info(signal) {
      const answer = await call<WebhookInfo>('getWebhookInfo', {}, signal)
      if (!answer.ok) return answer
      const { url = '', last_error_date: date, last_error_message: description = '' } = answer.result
      return { ok: true, result: { url, ...(date !== undefined && { lastError: { date, description } }) } }
    },
    set: (url, secret, signal) =>
      call('setWebhook', { url, secret_token: secret, allowed_updates: allowedUpdates }, signal),
    remove: (signal) => call('deleteWebhook', {}, signal),
    read,
  }
}

function read({ headers, body }: HookRequest, secret: string): HookReading {
  if (!isSame(headers['x-telegram-bot-api-secret-token'], secret)) return { refused: 'forged' }
  const update = updateIn(body)
  return update ? { events: [{ eventId: String(update.update_id), update }] } : { refused: 'malformed' }
}

/** In constant time: how long a refusal takes tells nothing of the secret. */
function isSame(given: string | string[] | undefined, secret: string): boolean {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(secret)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function updateIn(body: Buffer): Update | undefined {
  try {
    const update = JSON.parse(body.toString())
    return Number.isSafeInteger(update?.update_id) ? update : undefined
  } catch {
    return undefined
  }
}
