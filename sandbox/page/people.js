import { html } from '/vendor/lit-html/lit-html.js'
import { avatar, nameOf } from './avatar.js'
import { icons } from './icons.js'
import { go } from './route.js'
import { change, state } from './state.js'
import { placeOf } from './sync.js'

/** Who one is, and the switch to somebody else. */
export const people = () => html`
  <header class="people">
    ${state.person ? avatar(state.person) : ''}
    <select class="person" aria-label="Person" @change=${({ target }) => go(placeOf(Number(target.value)))}>
      ${state.people.map(
        (one) => html`<option value=${one.id} .selected=${one.id === state.person?.id}>${nameOf(one)}</option>`,
      )}
    </select>
    <button type="button" class="icon-button" aria-label="Add a person" title="Add a person"
      @click=${() => change({ dialog: { kind: 'add-person' } })}>${icons.add}</button>
  </header>
`
