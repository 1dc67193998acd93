import { repeat } from '/vendor/lit-html/directives/repeat.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { avatar, nameOf } from './avatar.js'
import { change, state } from './state.js'

const MOST = 30

/**
 * People and bots to choose from, in a dialog that keeps `{ candidates, chosen, words }`. The chosen ones stay in view.
 * @param {{ candidates: object[], chosen: number[], words: string }} dialog
 */
export function picker({ candidates, chosen, words }) {
  const wanted = words.trim().replace(/^@/, '').toLowerCase()
  const fits = (one) => [nameOf(one), one.username ?? ''].some((name) => name.toLowerCase().includes(wanted))
  const others = candidates.filter((one) => !chosen.includes(one.id) && fits(one))
  const shown = [...candidates.filter((one) => chosen.includes(one.id)), ...others.slice(0, MOST)]
  return html`
    <fieldset class="picker">
      <legend>Members</legend>
      <input type="search" aria-label="Find people and bots" placeholder="Find people and bots" autocomplete="off"
        @input=${({ target }) => update({ words: target.value })} @keydown=${keepOpen} />
      <ul>${repeat(
        shown,
        ({ id }) => id,
        (one) => choice(one, chosen),
      )}</ul>
      ${others.length > MOST ? html`<p class="hint">${others.length - MOST} more: write a part of the name.</p>` : nothing}
      ${shown.length === 0 ? html`<p class="hint">Nobody is called so.</p>` : nothing}
    </fieldset>
  `
}

function choice(one, chosen) {
  const toggle = ({ target }) =>
    update({ chosen: target.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id) })
  return html`<li><label class="choice">
    <input type="checkbox" .checked=${chosen.includes(one.id)} @change=${toggle} />
    ${avatar(one)}
    <span>${nameOf(one)} ${one.username ? html`<small>@${one.username}</small>` : nothing}</span>
  </label></li>`
}

const update = (patch) => change({ dialog: { ...state.dialog, ...patch } })

/** Enter looks for nothing more, and does not send the form; Escape empties the field before it closes the dialog. */
function keepOpen(event) {
  if (event.key === 'Enter') event.preventDefault()
  if (event.key !== 'Escape' || !event.target.value) return
  event.preventDefault()
  event.target.value = ''
  update({ words: '' })
}
