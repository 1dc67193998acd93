/**
 * The address holds who one is and which chat is open: `#/as/<person>/chat/<username>?start=<payload>`,
 * each part may be missing. So reload, back and links from elsewhere work.
 *
 * @typedef {{ person: number | null, chat: string | null, start: string | null }} Route
 */

/** @returns {Route} */
export function readRoute(hash = location.hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [, person, chat] = /^(?:as\/(\d+))?\/?(?:chat\/@?(\w+|-\d+))?\/?$/.exec(path) ?? []
  return {
    person: person ? Number(person) : null,
    chat: chat ?? null,
    start: new URLSearchParams(query).get('start'),
  }
}

/** @param {number} person @param {{ id: number, username?: string } | string | null} [chat] @param {string | null} [start] */
export function hrefOf(person, chat, start) {
  const name = typeof chat === 'object' ? (chat?.username ?? chat?.id) : chat
  const query = start ? `?${new URLSearchParams({ start })}` : ''
  return `#/as/${person}${name ? `/chat/${name}` : ''}${query}`
}

/** @param {string} href */
export function go(href) {
  location.hash = href
}

/** Alters the address without a step in the history and without a new load. @param {string} href */
export function settle(href) {
  history.replaceState(null, '', href)
}
