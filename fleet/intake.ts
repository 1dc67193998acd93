import { setTimeout as pause } from 'node:timers/promises'
import type { ApiFailure, Channel, ChannelEvent } from '../channels/channel.ts'
import type { Logger } from '../config/logger.ts'

export type IntakeTimes = {
  /** The first pause after a failure, doubled with each further one up to the longest. */
  firstPauseMs: number
  /** Also how often the messenger is asked whether a webhook is well, and whether a foreign one is gone. */
  longestPauseMs: number
  /** For how long somebody else who takes the messages is borne before an admin is told. */
  conflictPatienceMs: number
}
export const intakeTimes: IntakeTimes = { firstPauseMs: 500, longestPauseMs: 30_000, conflictPatienceMs: 90_000 }

export type Intake = {
  poll: NonNullable<Channel['poll']>
  /** Stores what came in; only then is it confirmed to the messenger. */
  store(events: ChannelEvent[]): Promise<void>
  onAnswer(): void
  onFailure(failure: ApiFailure): void
  /** Somebody else takes the messages. Answers whether by a webhook: then polling is of no use. */
  onConflict(): Promise<boolean>
  log: Logger
  times: IntakeTimes
}

/** Why a poll ended: nothing waits any more, or it is of no use before things have changed. */
export type PollEnd = 'empty' | 'useless'

/**
 * Polls until `signal` aborts, or `until` nothing waits. Telegraf's own loop ends for good at a 400 or 409, waits for its handlers and
 * confirms what it has not stored; this one does none of that: every failure is waited out, but for a dead token and somebody's webhook.
 */
export async function poll(intake: Intake, signal: AbortSignal, until?: 'empty'): Promise<PollEnd> {
  let after = 0
  let failures = 0
  while (!signal.aborted) {
    const answer = await intake.poll(after, signal, until && 'none')
    if (signal.aborted) break
    if (answer.ok) {
      intake.onAnswer()
      failures = 0
      if (until === 'empty' && answer.result.events.length === 0) return 'empty'
      after = await stored(intake, answer.result, after)
      continue
    }
    intake.onFailure(answer)
    if (answer.error_code === 401) return 'useless'
    if (answer.error_code === 409 && (await intake.onConflict())) return 'useless'
    await rest(answer, failures++, intake.times, signal)
  }
  return 'useless'
}

/** Answers the next place; what could not be stored is asked for again. */
async function stored(
  { store, log, times }: Intake,
  batch: { events: ChannelEvent[]; next: number },
  after: number,
): Promise<number> {
  try {
    if (batch.events.length > 0) await store(batch.events)
    return batch.next
  } catch (error) {
    log.error({ err: error }, 'updates could not be stored')
    await pause(times.firstPauseMs)
    return after
  }
}

/** Pauses after the n-th failure, from 0, longer with each. */
export async function rest(
  { parameters }: Pick<ApiFailure, 'parameters'>,
  failures: number,
  times: IntakeTimes,
  signal: AbortSignal,
): Promise<void> {
  const growing = Math.min(times.longestPauseMs, times.firstPauseMs * 2 ** failures)
  const jittered = growing * (0.75 + Math.random() / 2)
  const wished = (parameters?.retry_after ?? 0) * 1000
  await pause(Math.max(jittered, wished), undefined, { signal }).catch(() => {})
}
