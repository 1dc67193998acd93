import { repeat } from '/vendor/lit-html/directives/repeat.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { formatted } from './entities.js'
import { icons } from './icons.js'
import { togglePhone, unreadSms } from './phone-feed.js'
import { state } from './state.js'
import { clockOf, dayOf, isoOf } from './time.js'

/** Opens the phone, and tells how many SMS wait there. */
export function phoneButton(look = '') {
  const unread = unreadSms()
  const about = `unread-sms-${look}`
  return html`
    <button type="button" class="icon-button phone-button ${look}" aria-label="Phone" title="Phone"
      aria-expanded=${state.phone} aria-describedby=${unread ? about : nothing} @click=${togglePhone}>
      ${icons.phone} ${unread ? html`<span class="unread">${unread}<span class="unseen" id=${about}>${unread} unread SMS</span></span>` : nothing}
    </button>
  `
}

/** The person's phone beside the chats: the SMS that it has received, the newest first. */
export function phone() {
  if (!state.phone || !state.person) return nothing
  return html`
    <aside class="side-panel phone" aria-label="Phone">
      <header>
        <h2>Phone</h2>
        <button type="button" class="icon-button" aria-label="Close the phone" title="Close"
          @click=${togglePhone}>${icons.close}</button>
      </header>
      <p class="phone-number">${state.person.phone}</p>
      <div role="log" aria-live="polite" aria-label="SMS" tabindex="0">
        <ul>${repeat(state.sms.toReversed(), ({ id }) => id, textMessage)}</ul>
      </div>
      ${state.sms.length === 0 ? html`<p class="hint">No SMS yet.</p>` : nothing}
    </aside>
  `
}

const textMessage = ({ text, date }) => html`
  <li class="sms">
    <p>${formatted(text, codesIn(text))}</p>
    <time datetime=${isoOf(date)}>${dayOf(date)}, ${clockOf(date)}</time>
  </li>
`

/** What looks like a code is copied by a press. */
const codesIn = (text) =>
  [...text.matchAll(/(?<!\d)\d{4,8}(?!\d)/g)].map(({ 0: code, index }) => ({
    type: 'code',
    offset: index,
    length: code.length,
  }))
