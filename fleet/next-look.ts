import { setTimeout as pause } from 'node:timers/promises'
import type { Types } from 'mongoose'
import { schedule as ring } from 'node-cron'
import type { Logger } from '../config/logger.ts'
import { nextLook, type Schedule } from '../models/intake.ts'
import { storeTime } from '../models/store-clock.ts'

/** Resolves when a bot on a schedule is to be read next, or `signal` aborts. What has passed before it is asked is not made up for. */
export async function untilNextLook(
  schedule: Schedule,
  bot: Types.ObjectId,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (schedule.by === 'cron') return untilRung(schedule, log, signal)
  // A timer may ring a millisecond early, and the look would be had twice.
  const ms = nextLook(schedule, bot).getTime() - storeTime().getTime() + 1
  await pause(ms, undefined, { signal }).catch(() => {})
}

async function untilRung(
  { cron, timezone }: Schedule & { by: 'cron' },
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  const { promise: rung, resolve } = Promise.withResolvers<void>()
  const logger = {
    info: log.info.bind(log),
    warn: log.warn.bind(log),
    debug: log.debug.bind(log),
    error: log.error.bind(log),
  }
  const task = ring(cron, () => resolve(), { timezone, logger, suppressMissedWarning: true })
  // Late, because the machine slept or was busy: better than not before the next time.
  task.on('execution:missed', () => resolve())
  signal.addEventListener('abort', () => resolve(), { once: true })
  await rung
  await task.destroy()
}
