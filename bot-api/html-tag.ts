/** A text that is not Telegram's HTML; the message is the description of Telegram's answer. */
export class HtmlError extends Error {
  override readonly name = 'HtmlError'
  constructor(sentence: string) {
    super(`can't parse entities: ${sentence}`)
  }
}

export interface Tag {
  name: string
  /** The one attribute that counts: href, the language, the emoji's id, "" for an expandable quotation. */
  argument?: string
}

const known = new Set('a b strong i em s strike del u ins tg-spoiler tg-emoji span pre code blockquote'.split(' '))
const space = /\s/

/** Reads the start tag at `begin`; `end` is where the text goes on. `decode` turns references of a value into characters. */
export function readTag(html: string, begin: number, decode: (value: string) => string): { tag: Tag; end: number } {
  let at = begin + 1
  while (at < html.length && !space.test(html[at] ?? '') && html[at] !== '>') at++
  if (at >= html.length) throw new HtmlError(`Unclosed start tag${offset(html, begin)}`)
  const name = html.slice(begin + 1, at).toLowerCase()
  if (!known.has(name)) throw new HtmlError(`Unsupported start tag "${name}"${offset(html, begin)}`)
  const tag: Tag = { name }
  for (;;) {
    at = skipSpaces(html, at)
    if (at >= html.length) throw new HtmlError(`Unclosed start tag "${name}"${offset(html, begin)}`)
    if (html[at] === '>') break
    const attribute = readAttribute(html, at, begin, name)
    const argument = argumentOf(name, attribute.name, decode(attribute.value))
    if (argument !== undefined) tag.argument = argument
    at = attribute.end
  }
  if (name === 'span' && tag.argument !== 'spoiler')
    throw new HtmlError(`Tag "span" must have class "tg-spoiler"${offset(html, begin)}`)
  return { tag, end: at + 1 }
}

/** Checks the end tag at `begin` against the open one, answers where the text goes on. */
export function endTag(html: string, begin: number, open: Tag | undefined): number {
  if (!open) throw new HtmlError(`Unexpected end tag${offset(html, begin)}`)
  let at = begin + 2
  while (at < html.length && !space.test(html[at] ?? '') && html[at] !== '>') at++
  const name = html.slice(begin + 2, at).toLowerCase()
  at = skipSpaces(html, at)
  if (html[at] !== '>') throw new HtmlError(`Unclosed end tag${offset(html, begin)}`)
  if (name && name !== open.name)
    throw new HtmlError(`Unmatched end tag${offset(html, begin)}, expected "</${open.name}>", found "</${name}>"`)
  return at + 1
}

interface Attribute {
  name: string
  value: string
  end: number
}

function readAttribute(html: string, start: number, tagAt: number, tag: string): Attribute {
  let at = start
  while (at < html.length && !/[\s=>]/.test(html[at] ?? '')) at++
  const name = html.slice(start, at).toLowerCase()
  if (!name) throw new HtmlError(`Empty attribute name in the tag "${tag}"${offset(html, tagAt)}`)
  const afterName = skipSpaces(html, at)
  if (html[afterName] !== '=') {
    if (tag === 'blockquote' && name === 'expandable') return { name, value: '', end: at }
    throw new HtmlError(`Expected equal sign in declaration of an attribute of the tag "${tag}"${offset(html, tagAt)}`)
  }
  at = skipSpaces(html, afterName + 1)
  const quote = html[at]
  if (quote === '"' || quote === "'") {
    const end = html.indexOf(quote, at + 1)
    if (end < 0) throw new HtmlError(`Unclosed start tag "${tag}"${offset(html, tagAt)}`)
    return { name, value: html.slice(at + 1, end), end: end + 1 }
  }
  const value = /^[A-Za-z0-9.-]*/.exec(html.slice(at))?.[0] ?? ''
  const end = at + value.length
  if (end < html.length && !/[\s>]/.test(html[end] ?? ''))
    throw new HtmlError(`Unexpected end of name token${offset(html, at)}`)
  return { name, value: value.toLowerCase(), end }
}

function argumentOf(tag: string, attribute: string, value: string): string | undefined {
  if (tag === 'a' && attribute === 'href') return value
  if (tag === 'code' && attribute === 'class' && value.startsWith('language-')) return value.slice(9)
  if (tag === 'span' && attribute === 'class' && value.startsWith('tg-')) return value.slice(3)
  if (tag === 'tg-emoji' && attribute === 'emoji-id') return value
  return tag === 'blockquote' && attribute === 'expandable' ? '' : undefined
}

function skipSpaces(html: string, at: number): number {
  let end = at
  while (end < html.length && space.test(html[end] ?? '')) end++
  return end
}

function offset(html: string, at: number): string {
  return ` at byte offset ${Buffer.byteLength(html.slice(0, at))}`
}
