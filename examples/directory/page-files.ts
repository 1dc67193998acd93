import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from './call.ts'

const types: Record<string, string> = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'dialogs.js': 'text/javascript; charset=utf-8',
}

/** A file of the admin page, read anew each time: an edit shows after a reload. */
export function pageFile(path: string): Answer | undefined {
  const name = path === '/' ? 'index.html' : path.slice(1)
  const type = Object.hasOwn(types, name) && types[name]
  if (!type) return undefined
  return { status: 200, type, text: readFileSync(join(import.meta.dirname, 'page', name), 'utf8') }
}
