import { type AlarmData, fireOccurrence } from '../models/alarm.ts'
import { Notification, type ScheduledNotification } from '../models/notification.ts'
import { runningAgenda } from './agenda.ts'

/**
 * Lets a job wait for the next date of a scheduled notification; twice is as good as once. Where no jobs run, the sweep of a process that
 * runs them does it.
 */
export async function setAlarm({ _id, nextAt }: Pick<ScheduledNotification, '_id' | 'nextAt'>): Promise<void> {
  const agenda = runningAgenda()
  if (!agenda) return
  const data: AlarmData = { notificationId: String(_id), dueAt: nextAt.toISOString() }
  const job = agenda.create(fireOccurrence, data).schedule(nextAt)
  await job
    .unique({ 'data.notificationId': data.notificationId, 'data.dueAt': data.dueAt }, { insertOnly: true })
    .save()
  await Notification.noteArmed(_id, nextAt)
}
