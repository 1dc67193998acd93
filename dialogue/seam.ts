import type { ApiClientOptions } from 'grammy'
import type { ApiResponse } from '../channels/channel.ts'
import type { FileShelf } from './files.ts'

/** Carries out a Bot API method for a dialogue; a failure is an answer, never a throw. */
export type Send = (method: string, payload: Record<string, unknown>) => Promise<ApiResponse>

/**
 * Puts a channel under grammY. `fetch` and `buildUrl` lie below the replay recorder and are copied into every `Api` that the
 * conversations rebuild, which a transformer is not: with one, every replay would send every earlier message again. So the "URL" is the
 * method's name, the body its payload.
 */
export function seam(send: Send, files: FileShelf): ApiClientOptions {
  return {
    buildUrl: (_root, _token, method) => method,
    fetch: (async (method: string, { body }: { body: string }) => {
      const answer = await send(method, files.restore(JSON.parse(body)))
      return { json: async () => lean(forgivingly(method, answer)) }
    }) as unknown as NonNullable<ApiClientOptions['fetch']>,
  }
}

/** A press that is answered too late has been answered by the messenger's own timeout: no reason to fail its update. */
function forgivingly(method: string, answer: ApiResponse): ApiResponse {
  const late =
    method === 'answerCallbackQuery' && !answer.ok && /query is too old|query ID is invalid/.test(answer.description)
  return late ? { ok: true, result: true } : answer
}

/** Of a sent message a dialogue keeps where it is, not what it says: its state holds every answer until the scene ends. */
function lean(answer: ApiResponse): ApiResponse {
  if (!answer.ok || typeof answer.result !== 'object' || answer.result === null) return answer
  if (!('message_id' in answer.result && 'chat' in answer.result)) return answer
  const { message_id, chat, date } = answer.result as {
    message_id: number
    chat: { id: number; type: string }
    date?: number
  }
  return { ok: true, result: { message_id, chat: { id: chat.id, type: chat.type }, date } }
}
