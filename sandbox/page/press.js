import * as api from './api.js'
import { openLink } from './links.js'
import { change, state } from './state.js'
import { attempt, toast } from './toasts.js'

const PATIENCE_MS = 15_000

/** Presses without an answer yet: query id -> the button's key. */
const asked = new Map()
/** Answers that overtook the call that asked for them. */
const early = new Map()

export const keyOf = (message, button) => `${message.message_id}:${button.callback_data}`

/** Presses a callback button; it shows that it waits until the bot answers or patience ends. */
export async function press(message, row, column) {
  const key = keyOf(message, message.reply_markup.inline_keyboard[row][column])
  showWaiting(key, true)
  const done = await attempt(async () => {
    const { query_id } = await api.press(state.person.id, state.chat.peer.id, message.message_id, row, column)
    asked.set(query_id, key)
    setTimeout(() => asked.has(query_id) && showWaiting(key, false), PATIENCE_MS)
    const answer = early.get(query_id)
    if (answer) answerArrived(answer)
  })
  if (!done) showWaiting(key, false)
}

/** @param {{ query_id: string, text?: string, show_alert?: boolean, url?: string }} answer */
export function answerArrived(answer) {
  const key = asked.get(answer.query_id)
  if (!key) return keepEarly(answer)
  asked.delete(answer.query_id)
  early.delete(answer.query_id)
  showWaiting(key, false)
  if (answer.url) openLink(answer.url)
  else if (answer.text && answer.show_alert) change({ dialog: { kind: 'alert', text: answer.text } })
  else if (answer.text) toast(answer.text)
}

/** Presses on the person's other devices are answered here too, so only the latest are kept. */
function keepEarly(answer) {
  early.set(answer.query_id, answer)
  if (early.size > 20) early.delete(early.keys().next().value)
}

function showWaiting(key, on) {
  const waiting = new Set(state.waiting)
  if (on) waiting.add(key)
  else waiting.delete(key)
  change({ waiting })
}
