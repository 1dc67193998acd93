import { change, changeChat, state } from './state.js'

const SHOWN_MS = 6000
const ends = new Map()

/** "typing" shows for a while, or until a message comes. @param {number} peer */
export function showTyping(peer, typing) {
  change({ chats: state.chats.map((line) => (line.peer.id === peer ? { ...line, typing } : line)) })
  if (state.chat?.peer.id === peer) changeChat({ typing })
  clearTimeout(ends.get(peer))
  if (typing)
    ends.set(
      peer,
      setTimeout(() => showTyping(peer, false), SHOWN_MS),
    )
}
