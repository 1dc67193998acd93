import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { chatList } from './chat-list.js'
import { chatView } from './chat-view.js'
import { dialog } from './dialogs.js'
import { mark } from './icons.js'
import { instruments } from './instruments.js'
import { people } from './people.js'
import { phone } from './phone.js'
import { hrefOf } from './route.js'
import { state } from './state.js'
import { toasts } from './toasts.js'

export const app = () => html`
  <div class=${state.chat || state.missing ? 'panes in-chat' : 'panes'}>
    <aside class="side">${people()} ${chatList()}</aside>
    ${state.chat ? chatView() : emptyPane()} ${instruments()} ${phone()}
  </div>
  ${state.offline ? html`<p class="offline" role="alert">Connecting again…</p>` : nothing} ${toasts()} ${dialog()}
`

const emptyPane = () => html`
  <main class="empty">
    <div class="empty-card">${mark} ${state.missing ? nothingThere() : nothingOpen()}</div>
  </main>
`

const botFather = () => html`<a href=${hrefOf(state.person.id, 'BotFather')}>@BotFather</a>`

const nothingThere = () => (state.missing.startsWith('-') ? notInGroup() : noSuchBot())

const notInGroup = () => html`
  <h1>You are not in this group</h1>
  <p>Somebody who is in it can add you. <a href=${hrefOf(state.person.id)}>The list of chats</a></p>
`

const noSuchBot = () => html`
  <h1>No bot is called @${state.missing} here</h1>
  <p>Look for it in <a href=${hrefOf(state.person.id)}>the list of chats</a>, or ask ${botFather()} for a new one.</p>
`

const nothingOpen = () => html`
  <h1>Nothing open</h1>
  <p>Choose a chat, or find a bot by its name. ${state.person ? html`New bots are made by ${botFather()}.` : nothing}</p>
`
