import { setTimeout as pause } from 'node:timers/promises'
import { changes } from '../models/changes.ts'
import { Reminder, type ReminderRecord } from '../models/reminder.ts'
import { storeTime } from '../models/store-clock.ts'
import { Update } from '../models/update.ts'
import { runningAgenda } from './agenda.ts'
import type { Job } from './job.ts'

/** The id as hex, the date as ISO 8601. */
type AlarmData = { reminderId: string; dueAt: string }

const name = 'remind'
const mostEarlyMs = 1_000

/**
 * Puts what is overdue into the lane of its chat. One that comes too late, since the sweep was here or it was
 * dropped, does nothing.
 */
export const remind: Job<AlarmData> = {
  name,
  concurrency: 20,
  async run({ reminderId, dueAt }) {
    const reminder = await Reminder.at(reminderId, new Date(dueAt))
    if (!reminder) return
    // Agenda goes by this process's clock. If that is far ahead of the store's, the sweep will do it.
    const earlyMs = reminder.nextAt.getTime() - storeTime().getTime()
    if (earlyMs > mostEarlyMs) return
    if (earlyMs > 0) await pause(earlyMs)
    await raise(reminder)
  },
}

/** Begins to wait for the answer to a scene's first question; once for an entry. */
export async function awaitAnswer(of: Parameters<typeof Reminder.begin>[0]): Promise<void> {
  const reminder = await Reminder.begin(of)
  if (reminder) await setAlarm(reminder)
}

/** Whether anything is to be said the lane decides, where no answer can come in between. Safe to repeat. */
export async function raise(reminder: ReminderRecord): Promise<void> {
  const { _id, bot, entry, chat, personId, following, turn } = reminder
  const due = Reminder.turn(reminder)
  if (due) {
    const { text, leave } = due
    const overdue = {
      entry,
      leave,
      ...(text !== undefined && { text }),
      ...(following.format && { format: following.format }),
    }
    await Update.store(bot, [
      { eventId: `overdue:${_id}:${turn}`, lane: String(chat), payload: { overdue, chat, personId } },
    ])
    changes.emit('inbox', String(bot))
  }
  const nextAt = await Reminder.advance(reminder)
  if (nextAt) await setAlarm({ _id, nextAt })
}

/** Where no jobs run, the sweep of a process that runs them does without. */
async function setAlarm({ _id, nextAt }: Pick<ReminderRecord, '_id' | 'nextAt'>): Promise<void> {
  const data: AlarmData = { reminderId: String(_id), dueAt: nextAt.toISOString() }
  const unique = { 'data.reminderId': data.reminderId, 'data.dueAt': data.dueAt }
  await runningAgenda()?.create(name, data).schedule(nextAt).unique(unique, { insertOnly: true }).save()
}
