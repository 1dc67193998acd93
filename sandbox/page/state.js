/**
 * All that the page shows. Views read it; `change` is the only way to alter it, and draws the page anew.
 *
 * @typedef {{ id: number, first_name: string, last_name?: string, username?: string, phone: string, language_code: string }} Person
 * @typedef {{ id: number, first_name: string, username?: string, description?: string } | { id: number, type: string, title: string }} Peer
 * @typedef {{ id: number, first_name: string, last_name?: string, username?: string, is_bot: boolean, status: string }} Member
 * @typedef {{ peer: Peer, last?: object, unread: number, typing: boolean, stopped: boolean }} ChatLine
 * @typedef {{ peer: Peer, started: boolean, stopped: boolean, typing: boolean, commands: { command: string, description: string }[], keyboard?: object, messages: object[], members?: Member[], limit: number }} Chat
 */
export const state = {
  /** @type {Person[]} */ people: [],
  /** @type {Person | null} */ person: null,
  /** @type {ChatLine[]} */ chats: [],
  query: '',
  /** @type {Peer[]} */ found: [],
  /** A group has members, a private chat is started or stopped. @type {Chat | null} */ chat: null,
  /** The name in the address that no bot has. @type {string | null} */ missing: null,
  /** What Start will send, from a deep link. @type {string | null} */ payload: null,
  /** The keyboard that a one-time press or the person folded away. */ foldedKeyboard: false,
  /** Buttons whose answer has not come: `message:data`. */ waiting: new Set(),
  /** The open menu's id. @type {string | null} */ menu: null,
  /** @type {{ kind: string, [more: string]: unknown } | null} */ dialog: null,
  /** @type {{ id: number, text: string }[]} */ toasts: [],
  /** The open panel: which bot it is for (0: all) and what was read last. @type {{ bot: number, readings: object | null } | null} */
  instruments: null,
  /** Whether the phone is open. */ phone: false,
  /** The SMS that the person's phone has received. @type {{ id: number, text: string, date: number }[]} */ sms: [],
  offline: false,
}

let draw = () => {}
let drawing = false

/** Names the function that draws the page; changes within one turn are drawn once. */
export function drawWith(render) {
  draw = render
  redraw()
}

export function redraw() {
  if (drawing) return
  drawing = true
  queueMicrotask(() => {
    drawing = false
    draw()
  })
}

/** @param {Partial<typeof state>} patch */
export function change(patch) {
  Object.assign(state, patch)
  redraw()
}

/** @param {Partial<Chat>} patch */
export function changeChat(patch) {
  if (state.chat) change({ chat: { ...state.chat, ...patch } })
}
