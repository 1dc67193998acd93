import { live } from '/vendor/lit-html/directives/live.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { attach, isPhoto, sendDraft, sendSticker } from './actions.js'
import { sizeOf } from './attachments.js'
import { chosen, commandKey, commandList, offered } from './commands.js'
import { changeDraft, draft, focusMessage, stepBack } from './drafts.js'
import { gist } from './gist.js'
import { icons } from './icons.js'
import { replyKeyboard } from './keyboards.js'
import { menu } from './menu.js'
import { senderOf } from './message.js'
import { change, state } from './state.js'

const STICKERS = ['👍', '❤️', '😂', '🎉', '🤔', '🔥', '👀', '🙏']

/** Where a message is written. */
export const composer = () => html`
  <form class="composer" @submit=${submit} @dragover=${allowFiles} @drop=${drop}>
    ${commandList()} ${context()} ${file()}
    <div class="compose-row">
      ${state.chat.commands.length ? commandsButton() : nothing}
      <button type="button" class="icon-button" aria-label="Attach" title="Attach a photo or a file" @click=${browse}>
        ${icons.attach}
      </button>
      <input class="unseen" type="file" tabindex="-1" aria-hidden="true" @change=${picked} />
      ${field()} ${keyboardButton()}
      ${menu({ label: 'Stickers', icon: icons.sticker, items: stickers, look: 'sticker-menu' })}
      <button type="submit" class="icon-button send" aria-label=${draft().editing ? 'Save' : 'Send'}>${icons.send}</button>
    </div>
    ${replyKeyboard()}
  </form>
`

const stickers = STICKERS.map((emoji) => ({ label: emoji, act: () => sendSticker(emoji) }))

function field() {
  const { text, file, replyTo } = draft()
  const hint = (replyTo?.reply_markup ?? state.chat.keyboard)?.input_field_placeholder
  const placeholder = file ? 'Caption' : (hint ?? 'Message')
  const open = offered().length > 0
  return html`<textarea id="message" rows="1" aria-label="Message" placeholder=${placeholder} maxlength="16000"
    aria-autocomplete="list" aria-controls=${open ? 'commands' : nothing}
    aria-activedescendant=${open ? `command-${chosen()}` : nothing}
    .value=${live(text)} @input=${typed} @keydown=${onKey} @paste=${paste}></textarea>`
}

function typed({ target }) {
  changeDraft({ text: target.value, palette: /^\/[\w@]*$/.test(target.value), option: 0 })
}

function onKey(event) {
  if (event.isComposing || commandKey(event)) return
  if (event.key === 'Enter' && !event.shiftKey) submit(event)
}

function submit(event) {
  event.preventDefault()
  sendDraft()
}

const commandsButton = () => html`
  <button type="button" class="icon-button" aria-label="Commands" title="Commands" aria-expanded=${offered().length > 0}
    @click=${() => {
      changeDraft({ palette: !draft().palette, option: 0 })
      focusMessage()
    }}>${icons.commands}</button>
`

function keyboardButton() {
  if (!state.chat.keyboard?.keyboard) return nothing
  return html`<button type="button" class="icon-button" aria-label="Show the keyboard" title="Show the keyboard"
    aria-pressed=${!state.foldedKeyboard} @click=${() => change({ foldedKeyboard: !state.foldedKeyboard })}>
    ${icons.keyboard}</button>`
}

/** What is being answered or edited. */
function context() {
  const { replyTo, editing } = draft()
  const about = editing ?? replyTo
  if (!about) return nothing
  return strip(editing ? 'Editing' : `Answering ${senderOf(about)}`, gist(about), nothing)
}

function file() {
  const { file: chosenFile, asFile } = draft()
  if (!chosenFile) return nothing
  const choice = html`<label><input type="checkbox" .checked=${live(asFile)}
    @change=${({ target }) => changeDraft({ asFile: target.checked })} /> As a file</label>`
  return strip(chosenFile.name, sizeOf(chosenFile.size), isPhoto(chosenFile) ? choice : nothing)
}

const strip = (title, text, more) => html`
  <div class="strip">
    <p><strong>${title}</strong><span>${text}</span></p>
    ${more}
    <button type="button" class="icon-button" aria-label="Cancel" @click=${stepBack}>${icons.close}</button>
  </div>
`

function browse({ currentTarget }) {
  currentTarget.nextElementSibling.click()
}

function picked({ target }) {
  attach(target.files[0])
  target.value = ''
}

function paste(event) {
  const [given] = event.clipboardData.files
  if (!given) return
  event.preventDefault()
  attach(given)
}

function allowFiles(event) {
  if (event.dataTransfer.types.includes('Files')) event.preventDefault()
}

function drop(event) {
  const [given] = event.dataTransfer.files
  if (!given) return
  event.preventDefault()
  attach(given)
}
