import { ref } from '/vendor/lit-html/directives/ref.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { change, state } from './state.js'

/** What dialogs are made of. */

const close = () => change({ dialog: null })

// The element is not in the page yet when lit-html hands it over.
function showModal(element) {
  if (element) queueMicrotask(() => element.isConnected && !element.open && element.showModal())
}

export const frame = (title, body, look = '') => html`
  <dialog class=${look} aria-labelledby="dialog-title" @close=${close} @click=${closeFromOutside} ${ref(showModal)}>
    <h2 class="dialog-title" id="dialog-title">${title}</h2>
    ${body}
  </dialog>
`

function closeFromOutside({ target, currentTarget }) {
  if (target === currentTarget) currentTarget.close()
}

export const closeButton = (label) =>
  html`<button type="button" class="quiet" @click=${({ target }) => target.closest('dialog').close()}>${label}</button>`

export const textbox = (label, name, more = {}) => html`
  <label class="field">${label}
    <input name=${name} autocomplete="off" maxlength=${more.maxlength ?? 64} placeholder=${more.placeholder ?? ''}
      ?required=${more.required} .value=${more.value ?? ''} />
  </label>
`

/** Hands a form's filled fields to `act`; the dialog closes when that went well, else it says why not. */
export const submit = (act) => async (event) => {
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

export const buttons = (refusal, label) => html`
  ${refusal ? html`<p class="refusal" role="alert">${refusal}</p>` : nothing}
  <div class="dialog-buttons">${closeButton('Cancel')}<button class="primary">${label}</button></div>
`
