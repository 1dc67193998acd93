import * as api from './api.js'
import { coalesced } from './coalesce.js'
import { loadSms, smsArrived } from './phone-feed.js'
import { answerArrived } from './press.js'
import { change, state } from './state.js'
import {
  dropMessages,
  follow,
  heardOf,
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
  await loadSms()
}

const refreshChats = coalesced(loadChats)
const refreshChat = coalesced(reloadChat)

const isOpen = (peer) => state.chat?.peer.id === peer

/** A keyboard, also the same one again, comes right after its message; other changes of a chat do not unfold it. */
let justSpoke = null

const heard = {
  async message({ peer, message, edited }) {
    heardOf(peer)
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
    heardOf(peer)
    if (isOpen(peer)) dropMessages(ids)
    refreshChats()
  },
  typing: ({ peer }) => showTyping(peer, true),
  callback_answer: answerArrived,
  chat({ peer }) {
    heardOf(peer)
    refreshChats()
    if (isOpen(peer)) refreshChat()
    if (isOpen(peer) && justSpoke === peer) change({ foldedKeyboard: false })
  },
  sms: smsArrived,
  people: () => attempt(loadPeople),
  bots() {
    refreshChats()
    refreshChat()
    if (state.query) attempt(() => search(state.query))
  },
}
