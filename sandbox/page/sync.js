import * as api from './api.js'
import { changeDraft, draft, focusMessage, moveDraft } from './drafts.js'
import { hrefOf, readRoute, settle } from './route.js'
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
  if (person.id !== state.person?.id) change({ person, chats: [], chat: null, sms: [], query: '', found: [] })
  lastSeen.set(person.id, hrefOf(person.id, route.chat))
  change({ payload: route.start })
  await loadChats()
  if (mine === turn) await openChat(route.chat)
}

/** @param {string | null} name a username or an id, below 0 that of a group */
async function openChat(name) {
  const isIt = (peer) => String(peer.id) === name || peer.username?.toLowerCase() === name?.toLowerCase()
  if (name && state.chat && isIt(state.chat.peer)) return
  wanted = null
  if (!name) return change({ chat: null, missing: null })
  const isGroup = name.startsWith('-')
  const listed = state.chats.find((line) => isIt(line.peer))?.peer
  const peer = listed ?? (isGroup ? { id: Number(name) } : (await api.bots()).find(isIt))
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
    chat = await api.chat(id, peer, limit).catch(goneOr)
    // The person has gone elsewhere.
    if (id !== state.person.id || peer !== wanted) return
    if (!chat) return change({ chat: null, missing: String(peer) })
  } while (before !== heard)
  if (chat.peer.id !== peer) moveTo(chat.peer, peer)
  const isNew = state.chat?.peer.id !== chat.peer.id
  change({ chat: { ...chat, limit }, missing: null })
  if (isNew) arriveIn()
  heed(chat.messages.at(-1))
  readIfSeen()
}

/** Nothing for a chat where the person is no more. */
function goneOr(error) {
  if (error.status !== 404) throw error
}

/** A group that became a supergroup has another id. */
function moveTo(peer, before) {
  wanted = peer.id
  moveDraft(before, peer.id)
  const place = hrefOf(state.person.id, peer)
  lastSeen.set(state.person.id, place)
  settle(place)
}

function arriveIn() {
  change({ foldedKeyboard: false })
  // Whoever has begun to search while the chat was loading must not go on typing into its message.
  const searching = document.activeElement?.type === 'search'
  if (!searching && matchMedia('(pointer: fine)').matches) focusMessage()
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

export const endSearch = () => change({ query: '', found: [] })

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
