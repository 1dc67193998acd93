import { go, hrefOf, readRoute } from './route.js'
import { state } from './state.js'

const SAFE = ['http:', 'https:', 'mailto:', 'tel:', 'tg:']

/**
 * Where a link of a bot leads: a chat of this page for `t.me/name`, `tg://resolve?domain=name` and the page's own
 * address, else the world outside. Nothing for what is no link or could run code.
 *
 * @param {string} text
 * @returns {{ href: string, inside: boolean } | null}
 */
export function target(text) {
  const url = URL.parse(text) ?? URL.parse(`https://${text}`)
  if (!url || !SAFE.includes(url.protocol)) return null
  const start = url.searchParams.get('start')
  const name = chatName(url)
  if (name) return { href: hrefOf(state.person.id, name, start), inside: true }
  if (url.origin === location.origin && url.hash) return { href: ownHash(url.hash), inside: true }
  return url.protocol === 'tg:' ? null : { href: url.href, inside: false }
}

function chatName(url) {
  if (url.protocol === 'tg:') return url.searchParams.get('domain')
  const isTelegram = ['t.me', 'telegram.me'].includes(url.hostname)
  return isTelegram ? (/^\/([a-z]\w{3,31})\/?$/i.exec(url.pathname)?.[1] ?? null) : null
}

/** A link that names no person is for whoever follows it. */
function ownHash(hash) {
  const route = readRoute(hash)
  return hrefOf(route.person ?? state.person.id, route.chat, route.start)
}

/** @param {string} text */
export function openLink(text) {
  const to = target(text)
  if (to?.inside) go(to.href)
  else if (to) window.open(to.href, '_blank', 'noopener')
}
