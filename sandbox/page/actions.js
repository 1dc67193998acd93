import * as api from './api.js'
import { changeDraft, draft, focusMessage, takeDraft } from './drafts.js'
import { hrefOf, settle } from './route.js'
import { change, state } from './state.js'
import { dropMessages, loadChats, putMessage, reloadChat } from './sync.js'
import { attempt } from './toasts.js'

/** What a person can do in the open chat. */

const here = () => [state.person.id, state.chat.peer.id]

/** Sends to the open chat; throws what the sandbox refuses. @param {object | FormData} body */
export async function deliver(body) {
  const [person, peer] = here()
  const message = await api.send(person, peer, body)
  if (state.chat?.peer.id === peer && state.person?.id === person) putMessage(message)
  showNewest()
}

export const showNewest = () => queueMicrotask(() => document.querySelector('.log')?.scrollTo({ top: 0 }))

/** @param {string} text */
export const sendText = (text) => attempt(() => deliver({ text }))
/** @param {string} sticker an emoji */
export const sendSticker = (sticker) => attempt(() => deliver({ sticker }))
export const sendOwnContact = () => attempt(() => deliver({ contact: true }))

/** Sends, or saves the edit; what the sandbox refuses stays in the draft. */
export async function sendDraft() {
  const text = draft().text.trim()
  const [person, peer] = here()
  if (!text && !draft().file) return
  const taken = takeDraft()
  const done = await attempt(async () => {
    if (taken.editing) putMessage(await api.edit(person, peer, taken.editing.message_id, text))
    else await deliver(taken.file ? fileForm(taken, text) : textBody(taken, text))
  })
  if (!done) changeDraft({ ...taken, text: draft().text || taken.text })
}

const textBody = ({ replyTo }, text) => ({ text, ...(replyTo ? { reply_to: replyTo.message_id } : {}) })

function fileForm({ file, asFile, replyTo }, caption) {
  const form = new FormData()
  if (replyTo) form.set('reply_to', replyTo.message_id)
  if (caption) form.set('caption', caption)
  form.set(isPhoto(file) && !asFile ? 'photo' : 'document', file)
  return form
}

/** @param {File} file */
export const isPhoto = (file) => /^image\/(png|jpe?g|gif|webp)$/.test(file.type)

export function attach(file) {
  if (file) changeDraft({ file, asFile: false, editing: null })
  focusMessage()
}

/** @param {object} message */
export async function remove(message) {
  const [person, peer] = here()
  await attempt(async () => {
    await api.remove(person, peer, message.message_id)
    if (state.chat?.peer.id === peer) dropMessages([message.message_id])
  })
}

/** Presses Start; the payload of a deep link is used once, so it leaves the address at once. */
export async function start() {
  const [person, peer] = here()
  settle(hrefOf(person, state.chat.peer))
  await attempt(async () => {
    await api.start(person, peer, state.payload)
    change({ payload: null })
    await Promise.all([reloadChat(), loadChats()])
    focusMessage()
  })
}

export async function stop() {
  await attempt(async () => {
    await api.stop(...here())
    await Promise.all([reloadChat(), loadChats()])
  })
}

/** A button of the reply keyboard; a one-time keyboard folds away. */
export function pressKey(button) {
  if (state.chat.keyboard?.one_time_keyboard) change({ foldedKeyboard: true })
  return button.request_contact ? sendOwnContact() : sendText(button.text)
}
