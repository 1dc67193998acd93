import { html } from '/vendor/lit-html/lit-html.js'
import { isAdministrator } from './group.js'
import { askLeave, askMigrate, askRename, showMembers } from './group-dialogs.js'
import { state } from './state.js'

/** What stands in the header of a group. */

export function membersButton() {
  const { length } = state.chat.members
  return html`<button type="button" class="word" @click=${showMembers}>${length === 1 ? '1 member' : `${length} members`}</button>`
}

export function groupMenu() {
  const canMigrate = state.chat.peer.type === 'group' && isAdministrator()
  return [
    { label: 'Members', act: showMembers },
    { label: 'Rename', act: askRename },
    ...(canMigrate ? [{ label: 'Make it a supergroup', act: askMigrate }] : []),
    { label: 'Leave group', act: askLeave },
  ]
}
