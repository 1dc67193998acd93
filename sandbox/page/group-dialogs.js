import { repeat } from '/vendor/lit-html/directives/repeat.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { remove } from './actions.js'
import { bots } from './api.js'
import { avatar, nameOf } from './avatar.js'
import { buttons, closeButton, frame, submit, textbox } from './dialog-parts.js'
import { inGroup, isAdministrator } from './group.js'
import { addMembers, createGroup, leave, migrate, removeMember, rename, setAdministrator } from './group-actions.js'
import { icons } from './icons.js'
import { picker } from './picker.js'
import { change, state } from './state.js'
import { attempt } from './toasts.js'

const open = (kind, more = {}) => change({ dialog: { kind, ...more } })

export const askNewGroup = () => pick('new-group', [state.person])
export const askMembers = () => pick('add-members', state.chat.members)
export const askRename = () => open('rename')
export const showMembers = () => open('members')

/** Everybody is offered but those who are there; BotFather joins no groups. */
async function pick(kind, present) {
  await attempt(async () => {
    const everybody = [...state.people, ...(await bots())]
    const isPresent = (one) => one.username === 'BotFather' || present.some(({ id }) => id === one.id)
    open(kind, { candidates: everybody.filter((one) => !isPresent(one)), chosen: [], words: '' })
  })
}

const confirm = (title, text, label, act) => open('confirm', { title, text, label, act })

export function askDelete(message) {
  const whom = inGroup() ? 'everybody' : 'you and for the bot'
  confirm('Delete this message?', `It disappears for ${whom}.`, 'Delete', () => remove(message))
}

export const askLeave = () => confirm('Leave this group?', 'Somebody who stays can add you again.', 'Leave', leave)

export const askMigrate = () =>
  confirm(
    'Make it a supergroup?',
    'Bots find it under another id from then on. It cannot be made a group again.',
    'Make it a supergroup',
    migrate,
  )

export const groupDialogs = {
  'new-group': (dialog) =>
    frame(
      'New group',
      html`<form @submit=${submit(({ title }) => createGroup(title, dialog.chosen))}>
        ${textbox('Title', 'title', { required: true, maxlength: 128 })} ${picker(dialog)}
        ${buttons(dialog.refusal, 'Create')}
      </form>`,
    ),

  'add-members': (dialog) =>
    frame(
      'Add members',
      html`<form @submit=${submit(() => addMembers(state.dialog.chosen))}>
        ${picker(dialog)} ${buttons(dialog.refusal, 'Add')}
      </form>`,
    ),

  rename: ({ refusal }) =>
    frame(
      'Rename this group',
      html`<form @submit=${submit(({ title }) => rename(title))}>
        ${textbox('Title', 'title', { required: true, maxlength: 128, value: state.chat.peer.title })}
        ${buttons(refusal, 'Rename')}
      </form>`,
    ),

  members: () =>
    frame(
      'Members',
      html`<ul class="members">${repeat(state.chat?.members ?? [], ({ id }) => id, memberLine)}</ul>
        <div class="dialog-buttons">
          ${closeButton('Close')}<button type="button" class="primary" @click=${askMembers}>Add members</button>
        </div>`,
    ),
}

const roles = { creator: 'owner', administrator: 'administrator' }

function memberLine(member) {
  const { username, is_bot, status } = member
  const about = [roles[status], is_bot ? 'bot' : '', username ? `@${username}` : ''].filter(Boolean).join(' · ')
  return html`<li class="member">
    ${avatar(member)}
    <span><strong>${nameOf(member)}</strong> <small>${about}</small></span>
    ${isAdministrator() && status !== 'creator' ? memberTools(member) : nothing}
  </li>`
}

function memberTools(member) {
  const name = nameOf(member)
  const isOne = member.status === 'administrator'
  return html`
    <button type="button" class="icon-button" aria-label="Administrator: ${name}" title="Administrator"
      aria-pressed=${isOne} @click=${() => setAdministrator(member, !isOne)}>${icons.star}</button>
    <button type="button" class="icon-button" aria-label="Remove ${name}" title="Remove"
      @click=${() => removeMember(member)}>${icons.close}</button>
  `
}
