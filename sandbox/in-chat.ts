import type { ChatView, GroupView, OpenChat } from './chat-view.ts'
import type { SeenMessage } from './events.ts'

/** A part of a text, or an expression that it matches. */
export type Pattern = string | RegExp

export type FoundButton = { messageId: number; row: number; column: number } | { text: string; contact: boolean }

/** Whether a message's text, caption, the label of one of its buttons or what it tells of a group holds the pattern. */
export function holds(message: SeenMessage, pattern: Pattern): boolean {
  const labels = (message.reply_markup?.inline_keyboard ?? []).flat().map(({ text }) => text)
  return [message.text, message.caption, message.service, ...labels].some(
    (text) => text !== undefined && matches(text, pattern),
  )
}

/** An inline button of the newest message that has it, else one of the reply keyboard; a string is the whole label or, failing that, a part. */
export function findButton(view: OpenChat, label: Pattern): FoundButton | undefined {
  const isWhole = (text: string) => text === label
  return find(view, isWhole) ?? find(view, (text) => matches(text, label))
}

function find({ messages, keyboard }: OpenChat, fits: (text: string) => boolean): FoundButton | undefined {
  for (const message of messages.toReversed()) {
    for (const [row, buttons] of (message.reply_markup?.inline_keyboard ?? []).entries()) {
      const column = buttons.findIndex(({ text }) => fits(text))
      if (column >= 0) return { messageId: message.message_id, row, column }
    }
  }
  for (const button of keyboard?.keyboard.flat() ?? []) {
    const { text, contact } = typeof button === 'string' ? { text: button, contact: false } : asReplyButton(button)
    if (fits(text)) return { text, contact }
  }
  return undefined
}

function asReplyButton(button: { text: string }): { text: string; contact: boolean } {
  return { text: button.text, contact: 'request_contact' in button && button.request_contact === true }
}

export function matches(text: string, pattern: Pattern): boolean {
  return typeof pattern === 'string' ? text.includes(pattern) : text.search(pattern) >= 0
}

const shown = 8

/** The end of a chat, with its buttons, for a person who reads a failed test. */
export function printChat(view: ChatView | GroupView): string {
  const { messages, keyboard } = view
  const lines = messages.slice(-shown).flatMap((message) => {
    const rows = message.reply_markup?.inline_keyboard ?? []
    return [
      `  ${message.outgoing ? '>' : '<'} ${describe(message)}`,
      ...rows.map((row) => `      ${row.map(asLabel).join(' ')}`),
    ]
  })
  if (lines.length === 0) lines.push('  (no messages)')
  if (keyboard) lines.push(`  keyboard: ${keyboard.keyboard.flat().map(asLabel).join(' ')}`)
  if ('stopped' in view && view.stopped) lines.push('  (the person stopped the bot)')
  return lines.join('\n')
}

function describe({ service, text, caption, photo, document, contact, sticker }: SeenMessage): string {
  if (service) return `— ${service}`
  if (text !== undefined) return text.replaceAll('\n', '\n    ')
  const kind = photo
    ? 'photo'
    : document
      ? `file ${document.file_name}`
      : contact
        ? 'contact'
        : sticker
          ? `sticker ${sticker.emoji}`
          : 'message'
  return `(${kind})${caption ? ` ${caption}` : ''}`
}

function asLabel(button: string | { text: string }): string {
  return `[${typeof button === 'string' ? button : button.text}]`
}
