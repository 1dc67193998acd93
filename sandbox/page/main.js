import { render } from '/vendor/lit-html/lit-html.js'
import { app } from './app.js'
import { nameOf } from './avatar.js'
import { stepBack } from './drafts.js'
import { listen } from './live.js'
import { change, drawWith, state } from './state.js'
import { follow, readIfSeen } from './sync.js'
import { applyTheme } from './theme.js'
import { attempt } from './toasts.js'

const RETRY_MS = 2000

applyTheme()

drawWith(() => {
  render(app(), document.querySelector('#app'))
  document.title = title()
})

function title() {
  const unread = state.chats.reduce((sum, line) => sum + line.unread, 0)
  const name = state.chat ? `${nameOf(state.chat.peer)} · Sandbox` : 'Sandbox'
  return unread > 0 ? `(${unread}) ${name}` : name
}

async function arrive() {
  await attempt(follow)
  if (state.person) listen(state.person.id)
  else setTimeout(arrive, RETRY_MS)
}

addEventListener('hashchange', () => {
  change({ menu: null })
  arrive()
})
document.addEventListener('visibilitychange', readIfSeen)
document.addEventListener('pointerdown', ({ target }) => {
  if (state.menu && !target.closest('.menu-holder')) change({ menu: null })
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !state.dialog && !state.menu && stepBack()) event.preventDefault()
})

arrive()
