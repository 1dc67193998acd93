import { html } from '/vendor/lit-html/lit-html.js'
import { sendText } from './actions.js'
import { target } from './links.js'
import { copy } from './toasts.js'

/**
 * A message's text with its entities (https://core.telegram.org/bots/api#messageentity), as nodes: text is never
 * read as HTML. Offsets and lengths are UTF-16 units, as JavaScript's own.
 *
 * @param {string} text
 * @param {{ type: string, offset: number, length: number, url?: string, language?: string }[]} entities
 */
export function formatted(text, entities) {
  const outerFirst = entities.toSorted((one, other) => one.offset - other.offset || other.length - one.length)
  return nodes(text, outerFirst, 0, text.length)
}

/** Entities nest; one that sticks out of what it is in ends with it. */
function nodes(text, entities, from, to) {
  const parts = []
  let at = from
  for (let next = 0; next < entities.length; ) {
    const entity = entities[next++]
    const end = Math.min(entity.offset + entity.length, to)
    const inner = []
    while (next < entities.length && entities[next].offset < end) inner.push(entities[next++])
    parts.push(text.slice(at, entity.offset))
    parts.push(dressed(entity, text.slice(entity.offset, end), nodes(text, inner, entity.offset, end)))
    // A block ends its line by itself.
    at = BLOCKS.includes(entity.type) && text[end] === '\n' ? end + 1 : end
  }
  return [...parts, text.slice(at, to)]
}

const BLOCKS = ['pre', 'blockquote', 'expandable_blockquote']

function dressed(entity, words, inner) {
  const dress = DRESSES[entity.type]
  return dress ? dress(inner, words, entity) : inner
}

const DRESSES = {
  bold: (inner) => html`<strong>${inner}</strong>`,
  italic: (inner) => html`<em>${inner}</em>`,
  underline: (inner) => html`<u>${inner}</u>`,
  strikethrough: (inner) => html`<s>${inner}</s>`,
  blockquote: (inner) => html`<blockquote>${inner}</blockquote>`,
  expandable_blockquote: (inner) => html`<blockquote>${inner}</blockquote>`,
  spoiler: (inner) =>
    html`<span class="spoiler" role="button" tabindex="0" aria-label="Hidden text" @click=${reveal} @keydown=${byKey}><span>${inner}</span></span>`,
  code: (inner, words) =>
    html`<code role="button" tabindex="0" title="Copy" @click=${() => copy(words)} @keydown=${byKey}>${inner}</code>`,
  pre: (inner, words, { language }) =>
    html`<pre data-language=${language ?? ''} role="button" tabindex="0" title="Copy" @click=${() => copy(words)} @keydown=${byKey}>${inner}</pre>`,
  bot_command: (inner, words) =>
    html`<button type="button" class="word" @click=${() => sendText(words)}>${inner}</button>`,
  url: link,
  text_link: (inner, _words, { url }) => link(inner, url),
  mention: (inner, words) => link(inner, `https://t.me/${words.slice(1)}`),
  email: (inner, words) => link(inner, `mailto:${words}`),
  phone_number: (inner, words) => link(inner, `tel:${words}`),
}

function link(inner, address) {
  const to = target(address)
  if (!to) return inner
  if (to.inside) return html`<a href=${to.href}>${inner}</a>`
  return html`<a href=${to.href} target="_blank" rel="noopener noreferrer">${inner}</a>`
}

function reveal({ currentTarget }) {
  currentTarget.classList.add('revealed')
  for (const name of ['role', 'tabindex', 'aria-label']) currentTarget.removeAttribute(name)
}

function byKey(event) {
  if (event.key !== 'Enter' && event.key !== ' ') return
  event.preventDefault()
  event.currentTarget.click()
}
