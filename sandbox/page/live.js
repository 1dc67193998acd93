import * as api from './api.js'
import { answerArrived } from './press.js'
import { change, changeChat, state } from './state.js'
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

const TYPING_MS = 6000
const RETRY_MS = 2000

let source = null
let listeningFor = null
let typingTimer

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

const heard = {
  async message({ peer, message, edited }) {
    if (isOpen(peer)) {
      putMessage(message)
      if (!message.outgoing) showTyping(peer, false)
      if (!edited) heed(message)
    }
    await refreshChats()
    if (isOpen(peer)) readIfSeen()
  },
  deleted({ peer, ids }) {
    if (isOpen(peer)) dropMessages(ids)
    refreshChats()
  },
  typing({ peer, typing = true }) {
    showTyping(peer, typing)
  },
  callback_answer: answerArrived,
  chat({ peer }) {
    refreshChats()
    if (isOpen(peer)) attempt(reloadChat)
  },
  people: () => attempt(loadPeople),
  bots() {
    refreshChats()
    if (state.query) attempt(() => search(state.query))
  },
}

function showTyping(peer, typing) {
  change({ chats: state.chats.map((line) => (line.peer.id === peer ? { ...line, typing } : line)) })
  if (!isOpen(peer)) return
  changeChat({ typing })
  clearTimeout(typingTimer)
  if (typing) typingTimer = setTimeout(() => showTyping(peer, false), TYPING_MS)
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
