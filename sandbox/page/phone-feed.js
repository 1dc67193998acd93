import * as api from './api.js'
import { change, state } from './state.js'
import { toast } from './toasts.js'

/** The newest SMS that each person has read here. @type {Map<number, number>} */
const read = new Map()

/** Fetches what the person's phone has received; what was there before the page is read. */
export async function loadSms() {
  const { id } = state.person
  const sms = await api.sms(id)
  if (id !== state.person.id) return
  if (!read.has(id)) read.set(id, sms.at(-1)?.id ?? 0)
  take(sms)
}

/** The open phone says it itself, as its log grows. */
export function smsArrived({ person, sms }) {
  if (!read.has(person)) read.set(person, sms.id - 1)
  if (!state.phone) toast(`SMS: ${sms.text}`)
  take([sms])
}

/** Opens the phone in place of the instruments, or closes it. */
export function togglePhone() {
  change({ phone: !state.phone, instruments: null })
  if (state.phone) markRead()
}

export function unreadSms() {
  const last = read.get(state.person?.id) ?? 0
  return state.sms.filter(({ id }) => id > last).length
}

/** Several fetches and events may bring the same SMS, in any order. */
function take(sms) {
  const byId = new Map([...state.sms, ...sms].map((one) => [one.id, one]))
  change({ sms: [...byId.values()].sort((one, other) => one.id - other.id) })
  if (state.phone) markRead()
}

function markRead() {
  read.set(state.person.id, state.sms.at(-1)?.id ?? 0)
}
