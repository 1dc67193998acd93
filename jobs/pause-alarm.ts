import { runningAgenda } from './agenda.ts'
import { endPauseJob, type PauseData } from './end-pause.ts'

/**
 * Lets a job wait for the end of a pause; twice is as good as once. Where no jobs run, the sweep of a process that
 * runs them ends it.
 */
export async function setPauseAlarm(bot: { toString(): string }, personIds: number[], until: Date): Promise<void> {
  const agenda = runningAgenda()
  if (!agenda) return
  for (const personId of personIds) {
    const data: PauseData = { bot: String(bot), personId, until: until.toISOString() }
    const job = agenda.create(endPauseJob.name, data).schedule(until)
    const same = { 'data.bot': data.bot, 'data.personId': personId, 'data.until': data.until }
    await job.unique(same, { insertOnly: true }).save()
  }
}
