import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { sendText } from './actions.js'
import { changeDraft, draft, focusMessage } from './drafts.js'
import { state } from './state.js'

/** The commands of the chat's bots that fit what was typed; all of them after the button. */
export function offered() {
  const { palette, text } = draft()
  if (!palette) return []
  const [, typed = ''] = /^\/([\w@]*)$/.exec(text) ?? []
  return state.chat.commands.filter(({ command }) => command.toLowerCase().startsWith(typed.toLowerCase()))
}

export const chosen = () => Math.min(draft().option, offered().length - 1)

export function commandList() {
  const commands = offered()
  if (commands.length === 0) return nothing
  return html`
    <div class="command-list" id="commands" role="listbox" aria-label="Commands">
      ${commands.map(
        ({ command, description }, at) => html`
          <div class="command" role="option" id="command-${at}" aria-selected=${at === chosen()}
            @click=${() => pick(command)}><strong>/${command}</strong> <span class="command-about">${description}</span></div>
        `,
      )}
    </div>
  `
}

function pick(command) {
  changeDraft({ text: '', palette: false })
  sendText(`/${command}`)
  focusMessage()
}

/** @param {KeyboardEvent} event @returns {boolean} whether the list took the key */
export function commandKey(event) {
  const commands = offered()
  if (commands.length === 0 || event.shiftKey) return false
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) changeDraft({ option: (chosen() + step + commands.length) % commands.length })
  else if (event.key === 'Tab') changeDraft({ text: `/${commands[chosen()].command} `, palette: false })
  else if (event.key === 'Enter') pick(commands[chosen()].command)
  else return false
  event.preventDefault()
  return true
}
