import { redraw } from './state.js'

/** Light or dark, as this browser was told; else as the system has it. The style sheet does the rest. */

const KEY = 'theme'

/** @returns {'light' | 'dark' | null} */
const chosen = () => localStorage.getItem(KEY)

export function applyTheme() {
  const theme = chosen()
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
}

function choose(theme) {
  if (theme) localStorage.setItem(KEY, theme)
  else localStorage.removeItem(KEY)
  applyTheme()
  redraw()
}

/** The items of a menu: the other theme, and back to the system's. */
export function themeChoices() {
  const theme = chosen() ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const other =
    theme === 'dark'
      ? { label: 'Light theme', act: () => choose('light') }
      : { label: 'Dark theme', act: () => choose('dark') }
  return chosen() ? [other, { label: "The system's theme", act: () => choose(null) }] : [other]
}
