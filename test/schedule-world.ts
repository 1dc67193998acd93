import { setTimeout as pause } from 'node:timers/promises'
import { Jobs } from '../jobs/jobs.ts'
import { Notification } from '../models/notification.ts'
import { log } from './delivery-world.ts'
import { caller, type HttpWorld } from './http-world.ts'

/** A bot that nobody polls, whose dispatcher runs, and another system that calls it. */
export async function startSchedules(world: HttpWorld) {
  const bot = await world.newBot()
  const { secret } = await world.apiKey([bot.record])
  const call = caller(world.http, secret, bot.record)
  const dispatcher = bot.dispatch()
  return {
    bot,
    call,
    /** Schedules by a call, and answers the notification's id. */
    async schedule(params: object): Promise<string> {
      const { body } = await call('notify', params)
      if (!body.notificationId) throw new Error(JSON.stringify(body))
      return body.notificationId
    },
    status: async (notificationId: string) => (await call('notifications/status', { notificationId })).body,
    async [Symbol.asyncDispose]() {
      await dispatcher.stop()
    },
  }
}

/** The jobs as they run, but quicker. */
export async function startJobs() {
  const jobs = await Jobs.start(log, { processEveryMs: 50, sweepEveryMs: 50 })
  return { [Symbol.asyncDispose]: () => jobs.stop() }
}

export const inMs = (ms: number) => new Date(Date.now() + ms)

/** Makes the next date of a schedule another one. */
export async function dueAt(notificationId: string, nextAt: Date): Promise<void> {
  await Notification.updateOne({ _id: notificationId }, { nextAt, armed: false })
}

/** Long enough for whatever should not happen. */
export const settled = () => pause(300)
