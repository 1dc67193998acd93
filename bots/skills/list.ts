import type { Button } from '../../dialogue/menu.ts'
import type { MenuCall } from '../../models/callback-data.ts'

const perPage = 8

/** The way to another page of a list, from 0. */
export type Route = (page: number) => MenuCall

/** The page that an argument names; a client can send any. */
export function pageIn(arg: string): number {
  return Math.max(0, Math.trunc(Number(arg)) || 0)
}

/** One page of a list of buttons, one a row, with a pager beneath when it does not fit. */
export function list(buttons: Button[], page: number, route: Route): Button[][] {
  const pages = Math.max(1, Math.ceil(buttons.length / perPage))
  const shown = Math.min(Math.max(page, 0), pages - 1)
  return [
    ...buttons.slice(shown * perPage, (shown + 1) * perPage).map((button) => [button]),
    ...pager(shown, pages, route),
  ]
}

/** The row that turns pages, or no row at all for a single page. */
export function pager(page: number, pages: number, route: Route): Button[][] {
  if (pages < 2) return []
  const before = page > 0 ? [{ text: '◀', ...route(page - 1) }] : []
  const after = page < pages - 1 ? [{ text: '▶', ...route(page + 1) }] : []
  return [[...before, { text: `${page + 1} / ${pages}`, ...route(page) }, ...after]]
}
