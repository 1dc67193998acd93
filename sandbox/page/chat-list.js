import { live } from '/vendor/lit-html/directives/live.js'
import { repeat } from '/vendor/lit-html/directives/repeat.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { avatar, nameOf } from './avatar.js'
import { gist } from './gist.js'
import { icons } from './icons.js'
import { hrefOf } from './route.js'
import { state } from './state.js'
import { endSearch, search } from './sync.js'
import { isoOf, shortOf } from './time.js'
import { attempt } from './toasts.js'

/** The person's chats, and while searching the bots that they have no chat with. */
export function chatList() {
  const words = state.query.trim().replace(/^@/, '').toLowerCase()
  const lines = state.chats.filter(({ peer }) => holds(peer, words))
  const strangers = state.found.filter((bot) => !state.chats.some((line) => line.peer.id === bot.id))
  return html`
    <label class="search">
      ${icons.search}
      <input type="search" aria-label="Search" placeholder="Search chats and bots" autocomplete="off"
        .value=${live(state.query)} @input=${({ target }) => attempt(() => search(target.value))} @keydown=${onKey} />
    </label>
    <nav class="chats" aria-label="Chats" @click=${({ target }) => target.closest('a') && endSearch()}>
      <ul>${repeat(lines, (line) => line.peer.id, chatLine)}</ul>
      ${strangers.length ? html`<h2>Bots</h2><ul>${repeat(strangers, (bot) => bot.id, foundBot)}</ul>` : nothing}
      ${lines.length + strangers.length === 0 ? html`<p class="hint">${emptyHint(words)}</p>` : nothing}
    </nav>
  `
}

const holds = (peer, words) => [nameOf(peer), peer.username ?? ''].some((name) => name.toLowerCase().includes(words))

const emptyHint = (words) =>
  words ? 'Nothing is called so.' : 'No chats yet. Find a bot by its name, such as @BotFather.'

const isOpen = (peer) => peer.id === state.chat?.peer.id

function chatLine(line) {
  const { peer, last, unread, typing, stopped } = line
  return html`
    <li>
      <a class="chat-line" href=${hrefOf(state.person.id, peer)} aria-label=${nameOf(peer)}
        aria-describedby="about-${peer.id}" aria-current=${isOpen(peer) ? 'page' : nothing}>
        ${avatar(peer)}
        <span class="chat-line-text" id="about-${peer.id}">
          <strong>${nameOf(peer)}</strong>
          ${last ? html`<time datetime=${isoOf(last.date)}>${shortOf(last.date)}</time>` : nothing}
          <span class="gist">${typing ? html`<em>typing…</em>` : stopped ? 'Stopped' : last ? newsOf(peer, last) : ''}</span>
          ${unread ? html`<span class="unread">${unread}<span class="unseen"> unread</span></span>` : nothing}
        </span>
      </a>
    </li>
  `
}

/** In a group it matters who said it. */
function newsOf(peer, last) {
  if (!peer.title || last.service) return gist(last)
  return `${last.outgoing ? 'You' : last.from.first_name}: ${gist(last)}`
}

const foundBot = (bot) => html`
  <li>
    <a class="chat-line" href=${hrefOf(state.person.id, bot)} aria-label=${bot.first_name}
      aria-current=${isOpen(bot) ? 'page' : nothing}>
      ${avatar(bot)}
      <span class="chat-line-text"><strong>${bot.first_name}</strong><span class="gist">@${bot.username}</span></span>
    </a>
  </li>
`

/** Enter opens the first that was found, Escape ends the search. */
function onKey(event) {
  if (event.key === 'Escape') endSearch()
  if (event.key !== 'Enter') return
  const first = document.querySelector('.chats a')
  if (!first) return
  event.target.blur()
  first.click()
}
