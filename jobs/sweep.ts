import { fireDue, resumeOccurrences } from '../delivery/fire.ts'
import { Notification } from '../models/notification.ts'
import { storeTime } from '../models/store-clock.ts'
import { setAlarm } from './alarm.ts'

/** How many one query takes, and how many fire at once, sharing their writes. */
const batch = 500
/** What is being written for longer has been given up by its writer. */
const expandingForMs = 10_000

/**
 * The net under the alarms: fires what is due and has not fired, finishes what was broken off, and lets a job wait for every date that none waits
 * for. Several processes may do it at once.
 */
export async function sweep(now = storeTime()): Promise<void> {
  await inBatches(
    () => Notification.due(now, batch),
    (notification) => fireDue(notification, now),
  )
  await resumeOccurrences(new Date(now.getTime() - expandingForMs))
  await inBatches(() => Notification.unarmed(batch), setAlarm)
}

/** Takes batch after batch while there are full ones. What fails holds up nothing else: it is found again, and the first failure is thrown at the end. */
async function inBatches<Item>(take: () => Promise<Item[]>, act: (item: Item) => Promise<unknown>): Promise<void> {
  for (;;) {
    const items = await take()
    const failed = (await Promise.allSettled(items.map(act))).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    if (items.length < batch) return
  }
}
