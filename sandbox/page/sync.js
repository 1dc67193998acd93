import * as api from './api.js'
import { changeDraft, draft, focusMessage } from './drafts.js'
import { hrefOf, readRoute } from './route.js'
import { change, changeChat, state } from './state.js'
import { attempt, toast } from './toasts.js'
import { showTyping } from './typing.js'

const PAGE = 80
export const MOST = 1000

/** Where each person was last, to come back to after a switch. @type {Map<number, string>} */
const lastSeen = new Map()
export const placeOf = (person) => lastSeen.get(person) ?? hrefOf(person)

/** Brings the page to what the address says; the newest call wins. */
let turn = 0
export async function follow() {
  const mine = ++turn
  const route = readRoute()
  if (!state.people.some((one) => one.id === route.person)) await loadPeople()
  if (mine !== turn) return
  const person = state.people.find((one) => one.id === route.person) ?? state.people[0]
  if (!person) return
  if (route.person && route.person !== person.id) toast(`There is no person ${route.person} here`)
  if (person.id !== state.person?.id) change({ person, chats: [], chat: null, query: '', found: [] })
  lastSeen.set(person.id, hrefOf(person.id, route.chat))
  change({ payload: route.start, menu: null })
  await loadChats()
  if (mine === turn) await openChat(route.chat)
}

/** @param {string | null} name a username or an id */
async function openChat(name) {
  const isIt = (peer) => String(peer.id) === name || peer.username?.toLowerCase() === name?.toLowerCase()
  if (state.chat && isIt(state.chat.peer)) return
  wanted = null
  if (!name) return change({ chat: null, missing: null })
  const peer = state.chats.find((line) => isIt(line.peer))?.peer ?? (await api.bots()).find(isIt)
  if (!peer) return change({ chat: null, missing: name })
  wanted = peer.id
  await loadChat(peer.id, PAGE)
}

/** The chat that is, or is about to be, open; and how often something was heard of it. */
let wanted = null
let heard = 0
/** @param {number} peer whose chat just changed: a fetch under way may be older than that and is made again */
export function heardOf(peer) {
  if (peer === wanted) heard++
}

async function loadChat(peer, limit) {
  const { id } = state.person
  let chat
  let before
  do {
    before = heard
    chat = await api.chat(id, peer, limit)
    // The person has gone elsewhere.
    if (id !== state.person.id || peer !== wanted) return
  } while (before !== heard)
  const isNew = state.chat?.peer.id !== peer
  change({ chat: { ...chat, limit }, missing: null })
  if (isNew) arriveIn()
  heed(chat.messages.at(-1))
  readIfSeen()
}

function arriveIn() {
  change({ foldedKeyboard: false, query: '', found: [] })
  if (matchMedia('(pointer: fine)').matches) focusMessage()
}

/** A bot that forces a reply has the draft answer its message. */
export function heed(message) {
  if (message && !message.outgoing && message.reply_markup?.force_reply && !draft().editing) {
    changeDraft({ replyTo: message })
  }
}

export async function loadPeople() {
  const people = await api.people()
  change({ people, person: people.find((one) => one.id === state.person?.id) ?? state.person })
}

let chatLoads = 0
export async function loadChats() {
  const { id } = state.person
  const mine = ++chatLoads
  const chats = await api.chats(id)
  if (mine !== chatLoads || id !== state.person.id) return
  change({ chats })
  for (const { peer, typing } of chats) if (typing) showTyping(peer.id, true)
}

/** Fetches the open chat anew, as far back as it shows. */
export async function reloadChat() {
  if (!state.chat) return
  const { peer, limit, messages } = state.chat
  await loadChat(peer.id, Math.min(Math.max(limit, messages.length), MOST))
}

export const showEarlier = () => attempt(() => loadChat(state.chat.peer.id, Math.min(state.chat.limit * 3, MOST)))

export function readIfSeen() {
  const { person, chat, chats } = state
  if (!chat || document.visibilityState !== 'visible') return
  const line = chats.find((one) => one.peer.id === chat.peer.id)
  if (!line?.unread) return
  change({ chats: chats.map((one) => (one === line ? { ...one, unread: 0 } : one)) })
  attempt(() => api.markRead(person.id, chat.peer.id))
}

export async function search(query) {
  change({ query })
  const words = query.trim()
  const found = words ? await api.search(words) : []
  if (query === state.query) change({ found })
}

/** Puts a new or edited message into the open chat, in its place. */
export function putMessage(message) {
  const { messages } = state.chat
  const known = messages.some((one) => one.message_id === message.message_id)
  if (known)
    return changeChat({ messages: messages.map((one) => (one.message_id === message.message_id ? message : one)) })
  if (messages.length > 0 && message.message_id < messages[0].message_id) return
  changeChat({ messages: [...messages, message].sort((one, other) => one.message_id - other.message_id) })
}

/** @param {number[]} ids */
export function dropMessages(ids) {
  changeChat({ messages: state.chat.messages.filter((one) => !ids.includes(one.message_id)) })
}
