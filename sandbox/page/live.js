import * as api from './api.js'
import { answerArrived } from './press.js'
import { change, state } from './state.js'
import {
  dropMessages,
  follow,
  heed,
  loadChats,
  loadPeople,
  putMessage,
  readIfSeen,
  reloadChat,
  search,
} from './sync.js'
import { attempt } from './toasts.js'
import { showTyping } from './typing.js'

const RETRY_MS = 2000

let source = null
let listeningFor = null

/** Hears what happens to this person from now on. Whatever was missed before it opened is fetched. */
export function listen(person) {
  if (listeningFor === person) return
  listeningFor = person
  connect()
}

function connect() {
  source?.close()
  const here = new EventSource(api.eventsUrl(listeningFor))
  source = here
  here.onopen = () => {
    change({ offline: false })
    attempt(catchUp)
  }
  here.onerror = () => {
    change({ offline: true })
    // The browser retries a lost connection, but never a refused one.
    if (here.readyState === EventSource.CLOSED) setTimeout(() => here === source && connect(), RETRY_MS)
  }
  for (const [name, hear] of Object.entries(heard)) {
    here.addEventListener(name, (event) => here === source && hear(JSON.parse(event.data)))
  }
}

async function catchUp() {
  await loadPeople()
  await follow()
  await reloadChat()
}

const isOpen = (peer) => state.chat?.peer.id === peer

/** A keyboard, also the same one again, comes right after its message; other changes of a chat do not unfold it. */
let justSpoke = null

const heard = {
  async message({ peer, message, edited }) {
    if (isOpen(peer)) {
      putMessage(message)
      if (!message.outgoing) showTyping(peer, false)
      if (!edited) heed(message)
    }
    if (!edited && !message.outgoing) justSpoke = peer
    await refreshChats()
    justSpoke = null
    if (isOpen(peer)) readIfSeen()
  },
  deleted({ peer, ids }) {
    if (isOpen(peer)) dropMessages(ids)
    refreshChats()
  },
  typing: ({ peer }) => showTyping(peer, true),
  callback_answer: answerArrived,
  chat({ peer }) {
    refreshChats()
    if (isOpen(peer)) attempt(reloadChat)
    if (isOpen(peer) && justSpoke === peer) change({ foldedKeyboard: false })
  },
  people: () => attempt(loadPeople),
  bots() {
    refreshChats()
    if (state.query) attempt(() => search(state.query))
  },
}

/** A burst of events costs two fetches: one under way, one after it. */
let fetching = null
let again = false
function refreshChats() {
  again = fetching !== null
  fetching ??= attempt(async () => {
    do {
      again = false
      await loadChats()
    } while (again)
  }).finally(() => {
    fetching = null
  })
  return fetching
}
