import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { contact, documentLink, photo, sticker } from './attachments.js'
import { avatar, nameOf, tintOf } from './avatar.js'
import { edit, replyTo } from './drafts.js'
import { formatted } from './entities.js'
import { gist } from './gist.js'
import { inGroup, isAdministrator } from './group.js'
import { askDelete } from './group-dialogs.js'
import { icons } from './icons.js'
import { inlineKeyboard } from './keyboards.js'
import { state } from './state.js'
import { clockOf, isoOf } from './time.js'

/** @param {object} message */
export const senderOf = (message) => (message.from ? nameOf(message.from) : nameOf(state.chat.peer))

/** One message: what it holds, its buttons, and what can be done with it; of a service message what it tells. */
export function message(one, before) {
  if (one.service) return html`<p class="day service" id="message-${one.message_id}">${one.service}</p>`
  const kind = one.outgoing ? 'mine' : inGroup() ? 'theirs of-member' : 'theirs'
  const begins = kind === 'theirs of-member' && !isSame(one, before)
  return html`<article class="message ${kind}" id="message-${one.message_id}" aria-label=${senderOf(one)}>
    ${begins ? avatar(one.from) : nothing}
    <div class="bubble ${one.sticker ? 'bare' : ''}">
      ${begins ? sender(one) : nothing}
      ${one.forward_origin ? forwarded(one.forward_origin) : nothing}
      ${one.reply_to_message ? quote(one.reply_to_message) : nothing} ${attachment(one)} ${words(one)}
      <p class="stamp">
        ${one.edit_date ? html`<span>edited</span>` : nothing}
        <time datetime=${isoOf(one.date)}>${clockOf(one.date)}</time>
      </p>
    </div>
    ${one.reply_markup?.inline_keyboard ? inlineKeyboard(one) : nothing} ${state.chat.stopped ? nothing : tools(one)}
  </article>`
}

/** Whether the message before has the same sender, whose name and picture need no repeating. */
const isSame = (one, other) => other && !other.service && other.from?.id === one.from.id

const sender = ({ from }) => html`<p class="sender name-${tintOf(from.id)}">${nameOf(from)}</p>`

const forwarded = ({ sender_user }) => html`<p class="forwarded">Forwarded from ${nameOf(sender_user)}</p>`

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
    ${one.outgoing || (inGroup() && isAdministrator()) ? tool('Delete', icons.remove, () => askDelete(one)) : nothing}
  </div>
`

const tool = (label, icon, act) =>
  html`<button type="button" class="tool" aria-label=${label} title=${label} @click=${act}>${icon}</button>`
