import { repeat } from '/vendor/lit-html/directives/repeat.js'
import { html } from '/vendor/lit-html/lit-html.js'
import { change, state } from './state.js'

/** As long as it takes to notice it and to read it. */
const shownMs = (text) => 1500 + 50 * text.length
let last = 0

/** Said again, a sentence takes the place of itself. @param {string} text */
export function toast(text) {
  const id = ++last
  const others = state.toasts.filter((one) => one.text !== text)
  change({ toasts: [...others.slice(-2), { id, text }] })
  setTimeout(() => change({ toasts: state.toasts.filter((one) => one.id !== id) }), shownMs(text))
}

/** Does what the person asked for; a refusal is told to them. @param {() => Promise<unknown>} act */
export async function attempt(act) {
  try {
    await act()
    return true
  } catch (error) {
    toast(error.message)
    return false
  }
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    toast('Copied')
  } catch {
    toast('The browser does not allow copying here: select the text and copy it by hand')
  }
}

export const toasts = () => html`
  <div class="toasts" role="status">
    ${repeat(
      state.toasts,
      (one) => one.id,
      (one) => html`<p class="toast">${one.text}</p>`,
    )}
  </div>
`
