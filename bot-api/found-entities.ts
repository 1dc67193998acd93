import type { MessageEntity } from 'grammy/types'
import { sortEntities } from './formatted-text.ts'

const patterns = [
  ['bot_command', /(?<![\w/<>])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])/g],
  ['url', /\bhttps?:\/\/[^\s<>"]*[^\s<>".,:;!?)\]}']/gi],
  ['email', /(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi],
  ['mention', /(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{3,31}\b/g],
  ['hashtag', /(?<![\p{L}\p{N}_#&])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu],
  ['phone_number', /(?<![\w+])\+\d[\d -]{8,17}\d\b/g],
] as const

/** The entities that Telegram finds by itself: commands, links, addresses, mentions, tags; none within what `marked` covers. */
export function findEntities(text: string, marked: readonly MessageEntity[] = []): MessageEntity[] {
  const found: MessageEntity[] = []
  if (!/[/@#+]/.test(text)) return found
  const taken = marked.filter(({ type }) => type === 'code' || type === 'pre' || type === 'text_link')
  for (const [type, pattern] of patterns) {
    for (const { index, 0: match } of text.matchAll(pattern)) {
      const free = (other: MessageEntity) =>
        other.offset + other.length <= index || other.offset >= index + match.length
      if (taken.every(free) && found.every(free)) found.push({ type, offset: index, length: match.length })
    }
  }
  return sortEntities(found)
}
