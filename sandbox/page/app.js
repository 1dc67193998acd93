import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { chatList } from './chat-list.js'
import { chatView } from './chat-view.js'
import { dialog } from './dialogs.js'
import { people } from './people.js'
import { state } from './state.js'
import { toasts } from './toasts.js'

export const app = () => html`
  <div class=${state.chat || state.missing ? 'panes in-chat' : 'panes'}>
    <aside class="side">${people()} ${chatList()}</aside>
    ${state.chat ? chatView() : emptyPane()}
  </div>
  ${state.offline ? html`<p class="offline" role="alert">Connecting again…</p>` : nothing} ${toasts()} ${dialog()}
`

const emptyPane = () => html`
  <main class="empty">
    <div class="empty-card">
      ${
        state.missing
          ? html`<h2>No bot is called @${state.missing} here</h2>
              <p>Look for it by <a href="#/as/${state.person.id}">the search</a>, or ask @BotFather for a new one.</p>`
          : html`<h2>Nothing open</h2>
              <p>Choose a chat, or find a bot by its name. A new bot is made in a chat with @BotFather.</p>`
      }
    </div>
  </main>
`
