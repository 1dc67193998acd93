import { endPause } from '../acts/pause.ts'
import { tellLeftSilenceNews } from '../acts/silence-news.ts'
import { fireDue, resumeOccurrences } from '../delivery/fire.ts'
import { Errand } from '../models/errand.ts'
import { Notification } from '../models/notification.ts'
import { Reminder } from '../models/reminder.ts'
import { Silence } from '../models/silence.ts'
import { storeTime } from '../models/store-clock.ts'
import { runningAgenda } from './agenda.ts'
import { setAlarm } from './alarm.ts'
import { raise } from './remind.ts'
import { armErrand } from './run-errand.ts'

/** How many one query takes, and how many fire at once, sharing their writes. */
const batch = 500
/** What is being written for longer has been given up by its writer. */
const expandingForMs = 10_000
/** So long whoever ends a pause may take to tell it. */
const tellingForMs = 10_000
/** A job that has not run so long after its date was lost. */
const jobLostAfterMs = 10_000

/**
 * The net under the alarms: fires what is due and has not fired, ends pauses that are over, finishes what was broken
 * off, and lets a job wait for every date that none waits
 * for. Several processes may do it at once.
 */
export async function sweep(now = storeTime()): Promise<void> {
  await allOf([
    () =>
      inBatches(
        () => Notification.due(now, batch),
        (notification) => fireDue(notification, now),
      ),
    () => inBatches(() => Reminder.due(now, batch), raise),
    () => resumeOccurrences(new Date(now.getTime() - expandingForMs)),
    () =>
      inBatches(
        () => Silence.over(now, batch),
        ({ bot, personId, pausedUntil }) => endPause(bot, personId, pausedUntil ?? now),
      ),
    () => inBatches(() => Silence.untold(new Date(now.getTime() - tellingForMs), batch), tellLeftSilenceNews),
    () => Errand.disarm(new Date(now.getTime() - jobLostAfterMs)),
    // While the jobs stop, no alarm can be set: the next process does it.
    () => inBatches(async () => (runningAgenda() ? Notification.unarmed(batch) : []), setAlarm),
    () => inBatches(async () => (runningAgenda() ? Errand.unarmed(batch) : []), armErrand),
  ])
}

/** Does one after another, whatever becomes of the one before it. @throws the first failure, at the end */
async function allOf(steps: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) await step().catch((error) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/**
 * Takes batch after batch while there are full ones. What fails holds up nothing else of its batch, and is found
 * again by the next sweep.
 */
async function inBatches<Item>(take: () => Promise<Item[]>, act: (item: Item) => Promise<unknown>): Promise<void> {
  for (;;) {
    const items = await take()
    const failed = (await Promise.allSettled(items.map(act))).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    if (items.length < batch) return
  }
}
