import { html } from '/vendor/lit-html/lit-html.js'
import { avatar, nameOf } from './avatar.js'
import { askNewGroup } from './group-dialogs.js'
import { icons } from './icons.js'
import { toggleInstruments } from './instruments-feed.js'
import { menu } from './menu.js'
import { phoneButton } from './phone.js'
import { go } from './route.js'
import { change, state } from './state.js'
import { placeOf } from './sync.js'
import { themeChoices } from './theme.js'

/** Who one is, and the switch to somebody else. */
export const people = () => html`
  <header class="people">
    ${menu({ label: 'Main menu', icon: icons.menu, items: mainMenu() })}
    ${state.person ? avatar(state.person) : ''}
    <select class="person" aria-label="Person" @change=${({ target }) => go(placeOf(Number(target.value)))}>
      ${state.people.map(
        (one) => html`<option value=${one.id} .selected=${one.id === state.person?.id}>${nameOf(one)}</option>`,
      )}
    </select>
    ${phoneButton()}
    <button type="button" class="icon-button" aria-label="Add a person" title="Add a person"
      @click=${() => change({ dialog: { kind: 'add-person' } })}>${icons.add}</button>
  </header>
`

const mainMenu = () => [
  { label: 'New group', act: askNewGroup },
  { label: state.instruments ? 'Close the instruments' : 'Instruments', act: toggleInstruments },
  ...themeChoices(),
]
