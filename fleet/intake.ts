import { setTimeout as pause } from 'node:timers/promises'
import type { ApiFailure, Channel, ChannelEvent } from '../channels/channel.ts'
import type { Logger } from '../config/logger.ts'

export type IntakeTimes = {
  /** The first pause after a failure, doubled with each further one up to the longest. */
  firstPauseMs: number
  longestPauseMs: number
  /** For how long another poller is borne before an admin is told. */
  conflictPatienceMs: number
}
export const intakeTimes: IntakeTimes = { firstPauseMs: 500, longestPauseMs: 30_000, conflictPatienceMs: 90_000 }

export type Intake = {
  channel: Channel & Required<Pick<Channel, 'poll'>>
  /** Stores what came in; only then is it confirmed to the messenger. */
  store(events: ChannelEvent[]): Promise<void>
  onFailure(failure: ApiFailure): void
  onUnauthorized(): void
  /** Somebody else has polled this bot for too long. Told once until it is over. */
  onConflict(): void
  log: Logger
  times: IntakeTimes
}

/**
 * Polls until `signal` aborts. Telegraf's own loop ends for good at a 400 or 409, waits for its handlers and confirms what it has not
 * stored; this one does none of that: every failure is waited out, but for a dead token, which only a new token mends.
 */
export async function poll(intake: Intake, signal: AbortSignal): Promise<void> {
  const { channel, times } = intake
  let after = 0
  let failures = 0
  let conflictSince: number | undefined
  let conflictTold = false
  while (!signal.aborted) {
    const answer = await channel.poll(after, signal)
    if (signal.aborted) return
    if (answer.ok) {
      after = await stored(intake, answer.result, after)
      failures = 0
      conflictSince = undefined
      conflictTold = false
      continue
    }
    intake.onFailure(answer)
    if (answer.error_code === 401) return intake.onUnauthorized()
    if (answer.error_code === 409) {
      conflictSince ??= performance.now()
      if (!conflictTold && performance.now() - conflictSince >= times.conflictPatienceMs) {
        conflictTold = true
        intake.onConflict()
      }
    }
    await rest(answer, failures++, times, signal)
  }
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

async function rest(
  { parameters }: ApiFailure,
  failures: number,
  times: IntakeTimes,
  signal: AbortSignal,
): Promise<void> {
  const growing = Math.min(times.longestPauseMs, times.firstPauseMs * 2 ** failures)
  const jittered = growing * (0.75 + Math.random() / 2)
  const wished = (parameters?.retry_after ?? 0) * 1000
  await pause(Math.max(jittered, wished), undefined, { signal }).catch(() => {})
}
