import { ref } from '/vendor/lit-html/directives/ref.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { change, state } from './state.js'

/**
 * A button that opens a menu: arrows move, Escape and leaving close it.
 *
 * @param {{ label: string, icon: unknown, items: { label: string, act: () => unknown }[], look?: string }} menu
 */
export function menu({ label, icon, items, look = '' }) {
  const open = state.menu === label
  return html`
    <div class="menu-holder" @keydown=${open ? move : nothing} @focusout=${open ? leave : nothing}>
      <button type="button" class="icon-button" aria-label=${label} title=${label} aria-haspopup="menu"
        aria-expanded=${open} @click=${() => change({ menu: open ? null : label })}>${icon}</button>
      ${
        open
          ? html`<div class="menu ${look}" role="menu" aria-label=${label} ${ref(focusFirst)}>
              ${items.map((item) => menuItem(item))}
            </div>`
          : nothing
      }
    </div>
  `
}

const menuItem = ({ label, act }) => html`
  <button type="button" role="menuitem" tabindex="-1" @click=${(event) => {
    close(event.target)
    act()
  }}>${label}</button>
`

// The element is not in the page yet when lit-html hands it over.
function focusFirst(element) {
  if (element) queueMicrotask(() => element.querySelector('[role=menuitem]')?.focus())
}

function close(element) {
  element.closest('.menu-holder').querySelector('[aria-haspopup]').focus()
  change({ menu: null })
}

function leave({ currentTarget, relatedTarget }) {
  if (relatedTarget && !currentTarget.contains(relatedTarget)) change({ menu: null })
}

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

function move(event) {
  if (event.key === 'Escape') {
    event.preventDefault()
    close(event.target)
  }
  const step = STEPS[event.key]
  if (!step) return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll('[role=menuitem]')]
  const at = items.indexOf(document.activeElement)
  items.at((at + step) % items.length)?.focus()
}
