import { setTimeout as wait } from 'node:timers/promises'
import { endPause } from '../acts/pause.ts'
import { storeTime } from '../models/store-clock.ts'
import type { Job } from './job.ts'

/** Ids as hex and the messenger's, the date as ISO 8601. */
export type PauseData = { bot: string; personId: number; until: string }

const mostEarlyMs = 1_000

/** Ends a pause that is over. One that was ended before, or moved, is left alone. */
export const endPauseJob: Job<PauseData> = {
  name: 'end-pause',
  concurrency: 20,
  async run({ bot, personId, until }) {
    const end = new Date(until)
    // Agenda goes by this process's clock. If that is far ahead of the store's, the sweep will do it.
    const earlyMs = end.getTime() - storeTime().getTime()
    if (earlyMs > mostEarlyMs) return
    if (earlyMs > 0) await wait(earlyMs)
    await endPause(bot, personId, end)
  },
}
