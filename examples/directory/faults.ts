import { type Answer, json } from './call.ts'
import { invalid } from './refusal.ts'

/** What the calls of bots are to meet; what is left out does not happen. */
export interface Fault {
  delay_ms?: number
  /** Alone it refuses the call with this status; nothing is done. */
  status?: number
  /**
   * `html`: a page instead of the answer; `drop`: the connection is cut and nothing is done; `lost`: it is cut after the
   * call was carried out; `broken-json`: the call is carried out and half of its answer sent.
   */
  answer?: 'html' | 'broken-json' | 'drop' | 'lost'
  /** Any JSON, sent instead of the answer; nothing is done. */
  body?: unknown
  /** The share of the calls that meet it, from 0 to 1. */
  share?: number
  /** How many calls meet it before it is over. */
  times?: number
  /** Such as `POST /user/connect-bot`; every call of bots when left out. */
  calls?: string[]
}

const whole = (low: number, high: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= low && Number(value) <= high

const checks: Record<keyof Fault, (value: unknown) => boolean> = {
  delay_ms: whole(0, 600_000),
  status: whole(200, 599),
  answer: (value) => ['html', 'broken-json', 'drop', 'lost'].includes(String(value)),
  body: () => true,
  share: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  times: whole(1, Number.MAX_SAFE_INTEGER),
  calls: (value) => Array.isArray(value) && value.length > 0 && value.every((call) => typeof call === 'string'),
}

/** Forgotten at a restart. */
export class Faults {
  #fault: Fault = {}

  get(): Fault {
    return this.#fault
  }

  /** @throws Refusal naming the field that cannot be */
  set(given: Record<string, unknown>): Fault {
    for (const [field, value] of Object.entries(given))
      if (!Object.hasOwn(checks, field) || !checks[field as keyof Fault](value))
        throw invalid(field, `A fault cannot have ${field}: ${JSON.stringify(value)}`)
    this.#fault = given
    return this.#fault
  }

  /** What this call meets; takes one of the fault's `times`. */
  meet(call: string): Fault {
    const fault = this.#fault
    const { calls, share = 1, times } = fault
    if ((calls && !calls.includes(call)) || Math.random() >= share) return {}
    if (times !== undefined) this.#fault = times === 1 ? {} : { ...fault, times: times - 1 }
    return fault
  }
}

/** What is sent, nothing when the connection is to be cut, and the outcome under which it is counted. */
export async function spoil(
  { answer, body, status }: Fault,
  carryOut: () => Promise<Answer>,
): Promise<{ sent?: Answer; outcome: string }> {
  if (answer === 'drop') return { outcome: 'dropped' }
  if (answer === 'html') {
    const text = '<!doctype html><title>Maintenance</title><h1>We shall be back soon</h1>'
    return { sent: { status: status ?? 200, type: 'text/html; charset=utf-8', text }, outcome: 'html' }
  }
  if (body !== undefined) return { sent: json(status ?? 200, body), outcome: 'body' }
  if (answer === undefined && status !== undefined)
    return { sent: json(status, { success: false, message: 'A fault that was asked for' }), outcome: String(status) }

  const sent = await carryOut()
  if (answer === 'lost') return { outcome: 'lost' }
  if (answer === 'broken-json')
    return { sent: { ...sent, text: sent.text.slice(0, sent.text.length / 2) }, outcome: 'broken-json' }
  return { sent, outcome: sent.status === 200 ? 'ok' : String(sent.status) }
}
