import { ref } from '/vendor/lit-html/directives/ref.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { deliver, remove } from './actions.js'
import { addPerson, fileUrl } from './api.js'
import { go, hrefOf } from './route.js'
import { change, state } from './state.js'
import { loadPeople } from './sync.js'

/** The open dialog, if any. */
export function dialog() {
  return state.dialog ? DIALOGS[state.dialog.kind](state.dialog) : nothing
}

const close = () => change({ dialog: null })

// The element is not in the page yet when lit-html hands it over.
function showModal(element) {
  if (element) queueMicrotask(() => element.isConnected && !element.open && element.showModal())
}

const frame = (title, body, look = '') => html`
  <dialog class=${look} aria-labelledby="dialog-title" @close=${close} @click=${closeFromOutside} ${ref(showModal)}>
    <h2 class="dialog-title" id="dialog-title">${title}</h2>
    ${body}
  </dialog>
`

function closeFromOutside({ target, currentTarget }) {
  if (target === currentTarget) currentTarget.close()
}

const closeButton = (label) =>
  html`<button type="button" class="quiet" @click=${({ target }) => target.closest('dialog').close()}>${label}</button>`

const textbox = (label, name, more = {}) => html`
  <label class="field">${label}
    <input name=${name} autocomplete="off" maxlength=${more.maxlength ?? 64} placeholder=${more.placeholder ?? ''}
      ?required=${more.required} />
  </label>
`

/** Hands a form's filled fields to `act`; the dialog closes when that went well, else it says why not. */
const submit = (act) => async (event) => {
  event.preventDefault()
  const form = event.target
  const filled = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value)
  try {
    await act(Object.fromEntries(filled))
    form.closest('dialog')?.close()
  } catch ({ message }) {
    change({ dialog: { ...state.dialog, refusal: message } })
  }
}

const buttons = (refusal, label) => html`
  ${refusal ? html`<p class="refusal" role="alert">${refusal}</p>` : nothing}
  <div class="dialog-buttons">${closeButton('Cancel')}<button class="primary">${label}</button></div>
`

const DIALOGS = {
  alert: ({ text }) =>
    frame(
      state.chat?.peer.first_name ?? 'Sandbox',
      html`<p class="alert-text">${text}</p>
        <div class="dialog-buttons"><button type="button" class="primary" autofocus
          @click=${({ target }) => target.closest('dialog').close()}>OK</button></div>`,
    ),

  'add-person': ({ refusal }) =>
    frame(
      'Add a person',
      html`<form @submit=${submit(join)}>
        ${textbox('First name', 'first_name', { required: true })} ${textbox('Last name', 'last_name')}
        ${textbox('Phone', 'phone', { placeholder: 'made up when empty' })}
        ${textbox('Language', 'language_code', { placeholder: 'en', maxlength: 8 })}
        ${buttons(refusal, 'Add')}
      </form>`,
    ),

  contact: ({ refusal }) =>
    frame(
      'Send another contact',
      html`<form @submit=${submit(sendOther)}>
        ${textbox('First name', 'first_name', { required: true })}
        ${textbox('Phone', 'phone_number', { required: true })}
        ${buttons(refusal, 'Share')}
      </form>`,
    ),

  delete: ({ message }) =>
    frame(
      'Delete this message?',
      html`<p>It disappears for you and for the bot.</p>
        <div class="dialog-buttons">${closeButton('Cancel')}
          <button type="button" class="primary" @click=${({ target }) => {
            target.closest('dialog').close()
            remove(message)
          }}>Delete</button></div>`,
    ),

  photo: ({ file, caption }) =>
    frame(
      caption ?? 'Photo',
      html`<img src=${fileUrl(file)} alt=${caption ?? 'Photo'} />
        <div class="dialog-buttons"><a class="quiet" href=${fileUrl(file)} download="photo">Download</a>${closeButton('Close')}</div>`,
      'lightbox',
    ),
}

async function join(fields) {
  const person = await addPerson(fields)
  await loadPeople()
  go(hrefOf(person.id))
}

const sendOther = (contact) => deliver({ contact })
