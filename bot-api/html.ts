import type { MessageEntity } from 'grammy/types'
import { type FormattedText, sortEntities } from './formatted-text.ts'
import { endTag, HtmlError, readTag, type Tag } from './html-tag.ts'

/** Escapes a text for Telegram's HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : '&quot;'))
}

interface OpenTag extends Tag {
  at: number
}

/**
 * Parses Telegram's HTML into a plain text and its entities.
 * Throws an `HtmlError` whose message is Telegram's own, such as
 * `can't parse entities: Unsupported start tag "foo" at byte offset 3`.
 */
export function parseHtml(html: string): FormattedText {
  const entities: MessageEntity[] = []
  const open: OpenTag[] = []
  let text = ''
  let at = 0
  while (at < html.length) {
    const next = html.slice(at).search(/[<&]/)
    if (next < 0) {
      text += html.slice(at)
      break
    }
    text += html.slice(at, at + next)
    at += next
    if (html[at] === '&') {
      const [decoded, length] = decodeReference(html, at)
      text += decoded
      at += length
    } else if (html[at + 1] === '/') {
      const tag = open.at(-1)
      at = endTag(html, at, tag)
      open.pop()
      if (tag) closeTag(tag, open, text, entities)
    } else {
      const { tag, end } = readTag(html, at, (value) => decodeReferences(value))
      open.push({ ...tag, at: text.length })
      at = end
    }
  }
  const unclosed = open.at(-1)
  if (unclosed) throw new HtmlError(`Can't find end tag corresponding to start tag "${unclosed.name}"`)
  return { text, entities: sortEntities(mergeCodeLanguages(entities)) }
}

const simpleTypes = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
} as const

function closeTag(tag: OpenTag, open: OpenTag[], text: string, entities: MessageEntity[]): void {
  const place = { offset: tag.at, length: text.length - tag.at }
  if (place.length === 0) return
  const simple = simpleTypes[tag.name as keyof typeof simpleTypes]
  if (simple) entities.push({ type: simple, ...place })
  else if (tag.name === 'pre') entities.push({ type: 'pre', ...place })
  else if (tag.name === 'code') entities.push(codeEntity(tag, open, place))
  else if (tag.name === 'blockquote')
    entities.push({ type: tag.argument === undefined ? 'blockquote' : 'expandable_blockquote', ...place })
  else if (tag.name === 'tg-emoji') entities.push(emojiEntity(tag, place))
  else if (tag.name === 'a') {
    const link = linkEntity(tag.argument ?? text.slice(tag.at), place)
    if (link) entities.push(link)
  }
}

interface Place {
  offset: number
  length: number
}

/** `<pre><code class="language-x">` is one `pre` with a language; the two are merged when all is parsed. */
function codeEntity(tag: OpenTag, open: OpenTag[], place: Place): MessageEntity {
  const within = open.at(-1)
  if (tag.argument && within?.name === 'pre' && within.at === place.offset)
    return { type: 'pre', language: tag.argument, ...place }
  return { type: 'code', ...place }
}

function mergeCodeLanguages(entities: MessageEntity[]): MessageEntity[] {
  return entities.filter(
    (entity) =>
      !(entity.type === 'pre' && entity.language === undefined) ||
      !entities.some(
        (other) =>
          other.type === 'pre' && other.language && other.offset === entity.offset && other.length === entity.length,
      ),
  )
}

function emojiEntity(tag: OpenTag, place: Place): MessageEntity {
  if (!/^\d{1,20}$/.test(tag.argument ?? '')) throw new HtmlError('Invalid custom emoji identifier specified')
  return { type: 'custom_emoji', custom_emoji_id: tag.argument ?? '', ...place }
}

/** A link whose address makes no sense is left out, as Telegram does. */
function linkEntity(url: string, place: Place): MessageEntity | undefined {
  const user = /^tg:\/\/user\/?\?id=(\d+)$/i.exec(url)?.[1]
  if (user) return { type: 'text_mention', user: { id: Number(user), is_bot: false, first_name: '' }, ...place }
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`
  if (!URL.canParse(full)) return undefined
  const { protocol, hostname, href } = new URL(full)
  const web = protocol === 'http:' || protocol === 'https:'
  if (web && !hostname.includes('.')) return undefined
  return web || ['tg:', 'ton:', 'mailto:', 'tel:'].includes(protocol)
    ? { type: 'text_link', url: href, ...place }
    : undefined
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** What the reference at `at` stands for and how long it is; what is none stays as it is written. */
function decodeReference(html: string, at: number): [string, number] {
  const match = /^&(?:#(\d{1,7}|x[0-9a-f]{1,6})|([a-z]{2,4}));?/i.exec(html.slice(at, at + 12))
  if (!match) return ['&', 1]
  const [whole, number, name] = match
  if (name) {
    const character = named[name]
    return character ? [character, whole.length] : ['&', 1]
  }
  const code =
    number?.startsWith('x') || number?.startsWith('X') ? Number.parseInt(number.slice(1), 16) : Number(number)
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return ['&', 1]
  return [String.fromCodePoint(code), whole.length]
}

function decodeReferences(value: string): string {
  let result = ''
  for (let at = 0; at < value.length; ) {
    const [decoded, length] = value[at] === '&' ? decodeReference(value, at) : [value[at] ?? '', 1]
    result += decoded
    at += length
  }
  return result
}
