import * as api from './api.js'
import { go, hrefOf } from './route.js'
import { change, state } from './state.js'
import { loadChats, reloadChat } from './sync.js'
import { attempt } from './toasts.js'

/** What a person does with groups. What throws is for a dialog to show. */

const here = () => [state.person.id, state.chat.peer.id]

/** @param {string} title @param {number[]} members */
export async function createGroup(title, members) {
  const { peer } = await api.createGroup(state.person.id, { title, members })
  await loadChats()
  go(hrefOf(state.person.id, peer))
}

/** @param {number[]} members */
export async function addMembers(members) {
  const [person, group] = here()
  for (const member of members) await api.addMember(person, group, member)
  await reloadChat()
}

export async function rename(title) {
  await api.rename(...here(), title)
}

export const removeMember = (member) => attempt(() => api.removeMember(...here(), member.id))

export const setAdministrator = (member, administrator) =>
  attempt(() => api.setAdministrator(...here(), member.id, administrator))

export const migrate = () => attempt(() => api.migrate(...here()))

/** Goes away first: what happens in the group then is no news. */
export async function leave() {
  const [person, group] = here()
  change({ chat: null })
  go(hrefOf(person))
  await attempt(async () => {
    await api.removeMember(person, group, person)
    await loadChats()
  })
}
