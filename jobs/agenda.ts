import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda } from 'agenda'
import mongoose from 'mongoose'
import type { Logger } from '../config/logger.ts'
import { alarmCollection } from '../models/alarm.ts'

/** The store is one for the process, and so is what runs its jobs. */
let running: Agenda | undefined

export const runningAgenda = (): Agenda | undefined => running

/** Agenda on the open store, before its jobs are defined and it is started. */
export async function openAgenda(processEveryMs: number, log: Logger): Promise<Agenda> {
  const { db } = mongoose.connection
  if (!db) throw new Error('The store must be open before its jobs')
  // The indexes are the model's: Agenda would make its own unasked, and a failure of that would end the process.
  const backend = new MongoBackend({ mongo: db, collection: alarmCollection, ensureIndex: false })
  const agenda = new Agenda({ backend, processEvery: processEveryMs, removeOnComplete: true })
  agenda.on('error', (error: Error) => log.error({ err: error }, 'the jobs could not be looked at'))
  agenda.on('fail', (error: Error, job: { attrs: { name: string } }) => {
    log.error({ err: error, job: job.attrs.name }, 'a job failed')
  })
  await agenda.ready
  return agenda
}

export function setRunning(agenda: Agenda | undefined): void {
  running = agenda
}
