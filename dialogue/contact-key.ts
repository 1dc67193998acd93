import { t } from '../config/i18n.ts'
import type { Send } from './seam.ts'
import type { Visit } from './visit.ts'

/**
 * Carries messages out, and notes in the session whether the button that shares the phone number stands under the
 * chat.
 */
export function watchingContactKey(send: Send, { session }: Visit): Send {
  return async (method, payload) => {
    const markup = (payload.reply_markup ?? {}) as { keyboard?: unknown; remove_keyboard?: boolean }
    if (markup.keyboard) session.contactKey = true
    if (markup.remove_keyboard) session.contactKey = false
    return send(method, payload)
  }
}

/**
 * A scene that was left, or ended in buttons, may leave the button behind. Only a message takes it away, so one comes
 * and goes.
 */
export async function withdrawContactKey(send: Send, { session, chat, person }: Visit): Promise<void> {
  if (!session.contactKey || session.isRunning) return
  const text = t(person.locale, 'contact-key.withdrawn')
  const markup = { remove_keyboard: true }
  const sent = await send('sendMessage', { chat_id: chat, text, reply_markup: markup, disable_notification: true })
  session.contactKey = false
  if (!sent.ok) return
  const { message_id } = sent.result as { message_id: number }
  await send('deleteMessage', { chat_id: chat, message_id })
}
