import * as api from './api.js'
import { change, state } from './state.js'
import { attempt } from './toasts.js'

const PERIOD_MS = 1000

/** Opens the panel, or closes it. */
export function toggleInstruments() {
  if (state.instruments) return change({ instruments: null })
  change({ instruments: { bot: 0, readings: null }, phone: false })
  follow()
}

/** @param {number} bot whose instruments to show; 0 for all */
export function choose(bot) {
  change({ instruments: { ...state.instruments, bot } })
}

/** Reads them again and again for as long as the panel is open; opened anew, it is read for anew. */
let turn = 0
async function follow() {
  const mine = ++turn
  while (state.instruments && mine === turn) {
    // A sandbox that is down is told of by the page already.
    await read().catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS))
  }
}

async function read() {
  const readings = await api.instruments()
  if (state.instruments) change({ instruments: { ...state.instruments, readings } })
}

/** Does something to the instruments and shows what came of it. */
const act = (change) =>
  attempt(async () => {
    await change()
    await read()
  })

/** @param {boolean | null} on `null`: as for all bots */
export const switchLimits = (on) => {
  const { bot } = state.instruments
  return act(() => (on === null ? api.clearLimits(bot) : api.setLimits(bot, on)))
}

/** @param {object} fault an empty one is none */
export const setFault = (fault) => {
  const { bot } = state.instruments
  return act(() => (Object.keys(fault).length > 0 ? api.setFault(bot, fault) : api.clearFault(bot)))
}

/** What is shown: of one bot, or of all together. */
export function chosenReadings() {
  const { bot, readings } = state.instruments
  if (!readings) return null
  const one = readings.bots.find(({ id }) => id === bot)
  if (one) return { ...one, webhooks: one.webhook.url ? [one] : [] }
  return {
    limits: readings.limits,
    fault: readings.fault,
    calls: readings.bots.reduce(addCalls, {}),
    per_second: readings.bots.reduce((sum, { per_second }) => sum + per_second, 0),
    webhooks: readings.bots.filter(({ webhook }) => webhook.url),
  }
}

function addCalls(total, { calls }) {
  for (const [method, outcomes] of Object.entries(calls)) {
    total[method] ??= {}
    for (const [outcome, count] of Object.entries(outcomes)) {
      total[method][outcome] = (total[method][outcome] ?? 0) + count
    }
  }
  return total
}
