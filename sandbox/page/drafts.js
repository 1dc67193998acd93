import { redraw, state } from './state.js'

/**
 * What is being written, for each person and chat.
 * @typedef {{ text: string, replyTo: object | null, editing: object | null, file: File | null, asFile: boolean, palette: boolean, option: number }} Draft
 */

/** @type {Map<string, Draft>} */
const drafts = new Map()
const EMPTY = { text: '', replyTo: null, editing: null, file: null, asFile: false, palette: false, option: 0 }
const keyIn = (peer) => `${state.person?.id}:${peer}`
const key = () => keyIn(state.chat?.peer.id)

/** @returns {Draft} */
export const draft = () => drafts.get(key()) ?? EMPTY

/** @param {Partial<Draft>} patch */
export function changeDraft(patch) {
  drafts.set(key(), { ...draft(), ...patch })
  redraw()
}

/** Takes what is being written along to the chat's other id. */
export function moveDraft(from, to) {
  const moved = drafts.get(keyIn(from))
  if (moved) drafts.set(keyIn(to), moved)
  drafts.delete(keyIn(from))
}

/** Empties the draft and answers with what was in it, so that a refused message can be put back. */
export function takeDraft() {
  const taken = draft()
  drafts.delete(key())
  redraw()
  return taken
}

/** To the Start button of a chat that waits for it, else to the text. */
export function focusMessage() {
  queueMicrotask(() => document.querySelector('.start-bar .primary, #message')?.focus())
}

/** @param {object} message */
export function replyTo(message) {
  changeDraft({ replyTo: message, editing: null })
  focusMessage()
}

/** @param {object} message */
export function edit(message) {
  changeDraft({ editing: message, replyTo: null, file: null, text: message.text ?? '' })
  focusMessage()
}

/** Escape takes back one thing at a time. @returns {boolean} whether there was one */
export function stepBack() {
  const { palette, editing, replyTo: quoted, file } = draft()
  if (palette) changeDraft({ palette: false })
  else if (editing) changeDraft({ editing: null, text: '' })
  else if (quoted) changeDraft({ replyTo: null })
  else if (file) changeDraft({ file: null })
  else return false
  return true
}
