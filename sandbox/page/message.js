import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { contact, documentLink, photo, sticker } from './attachments.js'
import { nameOf } from './avatar.js'
import { edit, replyTo } from './drafts.js'
import { formatted } from './entities.js'
import { gist } from './gist.js'
import { icons } from './icons.js'
import { inlineKeyboard } from './keyboards.js'
import { change, state } from './state.js'
import { clockOf, isoOf } from './time.js'

/** @param {object} message */
export const senderOf = (message) => (message.from ? nameOf(message.from) : state.chat.peer.first_name)

/** One message: what it holds, its buttons, and what can be done with it. */
export function message(one) {
  const kind = one.outgoing ? 'mine' : 'theirs'
  return html`<article class="message ${kind}" id="message-${one.message_id}" aria-label=${senderOf(one)}>
    <div class="bubble ${one.sticker ? 'bare' : ''}">
      ${one.reply_to_message ? quote(one.reply_to_message) : nothing} ${attachment(one)} ${words(one)}
      <p class="stamp">
        ${one.edit_date ? html`<span>edited</span>` : nothing}
        <time datetime=${isoOf(one.date)}>${clockOf(one.date)}</time>
      </p>
    </div>
    ${one.reply_markup?.inline_keyboard ? inlineKeyboard(one) : nothing} ${state.chat.stopped ? nothing : tools(one)}
  </article>`
}

function attachment(one) {
  if (one.photo) return photo(one)
  if (one.document) return documentLink(one.document)
  if (one.contact) return contact(one.contact)
  return one.sticker ? sticker(one.sticker) : nothing
}

function words(one) {
  const text = one.text ?? one.caption
  if (text === undefined) return nothing
  return html`<div class="text">${formatted(text, one.entities ?? one.caption_entities ?? [])}</div>`
}

const quote = (quoted) => html`
  <button type="button" class="quote" aria-label="Answers: ${gist(quoted)}" @click=${() => show(quoted)}>
    <strong>${senderOf(quoted)}</strong><span>${gist(quoted)}</span>
  </button>
`

function show(quoted) {
  const element = document.querySelector(`#message-${quoted.message_id}`)
  if (!element) return
  element.scrollIntoView({ block: 'center', behavior: 'smooth' })
  element.classList.add('shown')
  element.addEventListener('animationend', () => element.classList.remove('shown'), { once: true })
}

const tools = (one) => html`
  <div class="tools">
    ${tool('Reply', icons.reply, () => replyTo(one))}
    ${one.outgoing && one.text ? tool('Edit', icons.edit, () => edit(one)) : nothing}
    ${one.outgoing ? tool('Delete', icons.remove, () => change({ dialog: { kind: 'delete', message: one } })) : nothing}
  </div>
`

const tool = (label, icon, act) =>
  html`<button type="button" class="tool" aria-label=${label} title=${label} @click=${act}>${icon}</button>`
