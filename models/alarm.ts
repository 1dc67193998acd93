import { model, Schema, type Types } from 'mongoose'

type Id = Types.ObjectId

/** The job that fires one occurrence of a scheduled notification. */
export const fireOccurrence = 'fire-occurrence'
/** Ids as hex, the date as ISO 8601. */
export type AlarmData = { notificationId: string; dueAt: string }

/** The jobs as Agenda keeps them, for what is done to many at once. Everything else about them is Agenda's. */
const schema = new Schema({
  name: { type: String, required: true },
  nextRunAt: { type: Date },
  priority: { type: Number },
  lockedAt: { type: Date },
  disabled: { type: Boolean },
  data: { type: { notificationId: String, dueAt: String } },
})
// What Agenda looks for, every second.
schema.index({ name: 1, nextRunAt: 1, priority: -1, lockedAt: 1, disabled: 1 }, { name: 'findAndLockNextJobIndex' })
schema.index({ 'data.notificationId': 1 }, { partialFilterExpression: { 'data.notificationId': { $exists: true } } })

export const alarmCollection = 'jobs'
const Records = model('Alarm', schema, alarmCollection)
const most = 1000

export const Alarm = Object.assign(Records, {
  /** Drops what waits for the dates of these notifications. */
  async drop(notifications: Id[]) {
    for (let start = 0; start < notifications.length; start += most) {
      const ids = notifications.slice(start, start + most).map(String)
      await Records.deleteMany({ name: fireOccurrence, 'data.notificationId': { $in: ids } })
    }
  },
})
