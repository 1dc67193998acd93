import type { Context } from 'grammy'
import { escapeHtml } from '../bot-api/html.ts'
import { answeredBy } from './sender.ts'

/** Where a scene runs and whom it speaks with, as a question in a group needs to know. */
type Place = { inGroup: boolean; person: { id: number; name: string } }

/** In a group a question answers the message of the person whom it is for, or names them when it was a press. */
export function replying({ inGroup }: Place, { message }: Context) {
  if (!inGroup || !message) return {}
  return { reply_parameters: { message_id: message.message_id, allow_sending_without_reply: true } }
}

export function addressed({ inGroup, person }: Place, { message }: Context, text: string): string {
  if (!inGroup || message) return text
  return `<a href="tg://user?id=${person.id}">${escapeHtml(person.name)}</a>: ${text}`
}

/** In a group people also talk to each other while a question is open. */
export function isAside({ inGroup }: Place, { message, me }: Context): boolean {
  return inGroup && message !== undefined && answeredBy(message) !== me.id
}
