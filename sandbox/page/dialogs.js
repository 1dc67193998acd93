import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { deliver } from './actions.js'
import { addPerson, fileUrl } from './api.js'
import { nameOf } from './avatar.js'
import { buttons, closeButton, frame, submit, textbox } from './dialog-parts.js'
import { groupDialogs } from './group-dialogs.js'
import { go, hrefOf } from './route.js'
import { state } from './state.js'
import { loadPeople } from './sync.js'

/** The open dialog, if any. */
export function dialog() {
  return state.dialog ? DIALOGS[state.dialog.kind](state.dialog) : nothing
}

const DIALOGS = {
  ...groupDialogs,

  alert: ({ text }) =>
    frame(
      state.chat ? nameOf(state.chat.peer) : 'Sandbox',
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

  confirm: ({ title, text, label, act }) =>
    frame(
      title,
      html`<p>${text}</p>
        <div class="dialog-buttons">${closeButton('Cancel')}
          <button type="button" class="primary" @click=${({ target }) => {
            target.closest('dialog').close()
            act()
          }}>${label}</button></div>`,
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
