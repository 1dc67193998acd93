import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { pressKey } from './actions.js'
import { icons } from './icons.js'
import { target } from './links.js'
import { keyOf, press } from './press.js'
import { state } from './state.js'
import { copy } from './toasts.js'

/** The buttons under a message. */
export const inlineKeyboard = (message) => html`
  <div class="keys">
    ${message.reply_markup.inline_keyboard.map(
      (buttons, row) =>
        html`<div class="key-row">${buttons.map((button, column) => inlineKey(message, button, row, column))}</div>`,
    )}
  </div>
`

function inlineKey(message, button, row, column) {
  if (button.url) return urlKey(button)
  if (button.copy_text) return key(button.text, () => copy(button.copy_text.text))
  if (button.callback_data === undefined) return unsupported(button)
  return html`<button type="button" class="key" aria-busy=${state.waiting.has(keyOf(message, button))}
    @click=${() => press(message, row, column)}>${button.text}</button>`
}

function urlKey({ text, url }) {
  const to = target(url)
  if (!to) return unsupported({ text })
  if (to.inside) return html`<a class="key" href=${to.href}>${text}</a>`
  return html`<a class="key" href=${to.href} target="_blank" rel="noopener noreferrer">${text}${icons.outside}</a>`
}

/** The buttons above the input. */
export function replyKeyboard() {
  const { keyboard } = state.chat
  if (!keyboard?.keyboard || state.foldedKeyboard) return nothing
  return html`
    <div class="reply-keys ${keyboard.resize_keyboard ? '' : 'tall'}" role="group" aria-label="Keyboard">
      ${keyboard.keyboard.map((buttons) => html`<div class="key-row">${buttons.map((button) => replyKey(button))}</div>`)}
    </div>
  `
}

function replyKey(given) {
  const button = typeof given === 'string' ? { text: given } : given
  const { text, request_contact, ...more } = button
  return Object.keys(more).some((name) => name.startsWith('request_') || name === 'web_app')
    ? unsupported(button)
    : key(text, () => pressKey(button))
}

const key = (text, act) => html`<button type="button" class="key" @click=${act}>${text}</button>`

const unsupported = ({ text }) =>
  html`<button type="button" class="key" disabled title="The sandbox has no button of this type">${text}</button>`
