import { setTimeout as pause } from 'node:timers/promises'
import { fireDue } from '../delivery/fire.ts'
import { type AlarmData, fireOccurrence as name } from '../models/alarm.ts'
import { Notification } from '../models/notification.ts'
import { storeTime } from '../models/store-clock.ts'
import { setAlarm } from './alarm.ts'
import type { Job } from './job.ts'

const mostEarlyMs = 1_000

/** Says what has fallen due, and sets the next alarm. One that comes too late, since the sweep was here or it was cancelled, does nothing. */
export const fireOccurrence: Job<AlarmData> = {
  name,
  concurrency: 100,
  async run({ notificationId, dueAt }) {
    const notification = await Notification.scheduledAt(notificationId, new Date(dueAt))
    if (!notification) return
    // Agenda goes by this process's clock. If that is far ahead of the store's, the sweep will do it.
    const earlyMs = notification.nextAt.getTime() - storeTime().getTime()
    if (earlyMs > mostEarlyMs) return
    if (earlyMs > 0) await pause(earlyMs)
    const next = await fireDue(notification)
    if (next) await setAlarm({ _id: notification._id, nextAt: next })
  },
}
