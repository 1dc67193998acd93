import { keyed } from '/vendor/lit-html/directives/keyed.js'
import { repeat } from '/vendor/lit-html/directives/repeat.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { sendOwnContact, showNewest, start, stop } from './actions.js'
import { avatar, nameOf } from './avatar.js'
import { composer } from './composer.js'
import { inGroup } from './group.js'
import { groupMenu, membersButton } from './group-header.js'
import { icons } from './icons.js'
import { menu } from './menu.js'
import { message } from './message.js'
import { phoneButton } from './phone.js'
import { hrefOf } from './route.js'
import { change, state } from './state.js'
import { MOST, showEarlier } from './sync.js'
import { dayOf, isSameDay } from './time.js'

/** The open chat. */
export const chatView = () => html`
  <main class="chat" aria-labelledby="chat-title">
    ${header()}
    ${keyed(`${state.person.id}:${state.chat.peer.id}`, log())}
    ${footer()}
  </main>
`

function header() {
  const { peer, typing } = state.chat
  return html`
    <header class="chat-header">
      <a class="icon-button back" href=${hrefOf(state.person.id)} aria-label="Back">${icons.back}</a>
      ${avatar(peer)}
      <div class="chat-title">
        <h1 id="chat-title">${nameOf(peer)}</h1>
        <p class=${typing ? 'typing' : ''}>${typing ? 'typing…' : about()}</p>
      </div>
      ${phoneButton('when-narrow')}
      ${menu({ label: 'Chat menu', icon: icons.more, items: inGroup() ? groupMenu() : chatMenu() })}
    </header>
  `
}

function about() {
  const { peer, stopped } = state.chat
  if (inGroup()) return membersButton()
  return stopped ? 'stopped' : `@${peer.username}`
}

function chatMenu() {
  const { started, stopped } = state.chat
  const contacts = [
    { label: 'Send my contact', act: sendOwnContact },
    { label: 'Send another contact', act: () => change({ dialog: { kind: 'contact' } }) },
  ]
  if (stopped) return [{ label: 'Restart bot', act: start }]
  return started ? [...contacts, { label: 'Stop bot', act: stop }] : [{ label: 'Start bot', act: start }]
}

// The scroller is laid out from its end, so it stays at the newest message as long as nobody scrolls.
function log() {
  const { messages, limit, started, peer } = state.chat
  return html`
    <div class="log-holder">
      <div class="log" role="log" aria-label="Messages" aria-live="polite" tabindex="0" @scroll=${markScrolled}>
        <div class="messages">
          ${
            messages.length >= limit && limit < MOST
              ? html`<button type="button" class="pill" @click=${showEarlier}>Earlier messages</button>`
              : nothing
          }
          ${started || inGroup() || messages.length ? nothing : aboutBot(peer)}
          ${repeat(
            messages,
            (one) => one.message_id,
            (one, at) => html`${dayLine(messages[at - 1], one)}${message(one, messages[at - 1])}`,
          )}
        </div>
      </div>
      <button type="button" class="icon-button newest" aria-label="Newest messages" @click=${showNewest}>
        ${icons.down}
      </button>
    </div>
  `
}

const dayLine = (before, one) =>
  before && isSameDay(before.date, one.date) ? nothing : html`<p class="day">${dayOf(one.date)}</p>`

const aboutBot = (peer) => html`
  <section class="about">
    ${avatar(peer)}
    <p><strong>${peer.first_name}</strong></p>
    <p>${peer.description || 'Press Start to talk to this bot.'}</p>
  </section>
`

function markScrolled({ target }) {
  target.classList.toggle('scrolled', target.scrollTop < -200)
}

function footer() {
  const { started, stopped } = state.chat
  if (inGroup()) return composer()
  if (stopped) return startBar('Restart bot', 'You stopped this bot; it cannot write to you.')
  if (!started) return startBar('Start', null)
  return html`${state.payload ? startBar('Start', 'A link opened this chat.') : nothing} ${composer()}`
}

const startBar = (label, why) => html`
  <div class="start-bar">
    ${why ? html`<p>${why}</p>` : nothing}
    <button type="button" class="primary" @click=${start}>${label}</button>
  </div>
`
