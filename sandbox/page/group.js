import { state } from './state.js'

/** Whether the open chat is a group. */
export const inGroup = () => state.chat?.members !== undefined

/** Whether the person may do there what administrators may. */
export function isAdministrator() {
  const me = state.chat.members.find(({ id }) => id === state.person.id)
  return me?.status === 'creator' || me?.status === 'administrator'
}
