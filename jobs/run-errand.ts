import { runErrand as run } from '../acts/link-account.ts'
import { Errand } from '../models/errand.ts'
import { runningAgenda } from './agenda.ts'
import type { Job } from './job.ts'

/** The errand's id as hex, the date that it was set for as ISO 8601. */
type ErrandData = { errandId: string; nextAt: string }

const name = 'run-errand'

/** Tells a directory what it has to hear, until it has heard it. */
export const runErrand: Job<ErrandData> = {
  name,
  concurrency: 20,
  run: ({ errandId, nextAt }, log) => run(errandId, new Date(nextAt), log),
}

/** Lets a job wait for the next try of an errand. */
export async function armErrand({
  _id,
  nextAt,
}: {
  _id: Parameters<typeof Errand.noteArmed>[0]
  nextAt: Date
}): Promise<void> {
  const agenda = runningAgenda()
  if (!agenda) return
  const data: ErrandData = { errandId: String(_id), nextAt: nextAt.toISOString() }
  const job = agenda.create(name, data).schedule(nextAt)
  await job.unique({ 'data.errandId': data.errandId, 'data.nextAt': data.nextAt }, { insertOnly: true }).save()
  await Errand.noteArmed(_id, nextAt)
}
