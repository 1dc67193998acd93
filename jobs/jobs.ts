import type { Agenda } from 'agenda'
import type { Logger } from '../config/logger.ts'
import { openAgenda, setRunning } from './agenda.ts'
import { fireOccurrence } from './fire-occurrence.ts'
import type { Job } from './job.ts'
import { remind } from './remind.ts'
import { runErrand } from './run-errand.ts'
import { sweep } from './sweep.ts'

// biome-ignore lint/suspicious/noExplicitAny: a list of jobs has no one type of data
const jobs: Job<any>[] = [fireOccurrence, remind, runErrand]

export const jobTimes = {
  /** How often Agenda looks for jobs, and so how far ahead it locks them. */
  processEveryMs: 1_000,
  /** How often the sweep looks for what the alarms have missed. */
  sweepEveryMs: 1_000,
}
export type JobTimes = typeof jobTimes

/** Agenda locks what falls due until it looks again: so many times what may run at once. */
const lockedAhead = 5
/** One that failed comes again, since only what succeeds is removed. By then the sweep has done its work. */
const againAfterMs = 60_000

/** The jobs of this process, on the open store. */
export class Jobs {
  readonly #agenda: Agenda
  readonly #log: Logger
  #sweeping: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  private constructor(agenda: Agenda, log: Logger) {
    this.#agenda = agenda
    this.#log = log
  }

  /** Takes up what fell due while no process ran, then waits for what comes. */
  static async start(log: Logger, times: JobTimes = jobTimes): Promise<Jobs> {
    const agenda = await openAgenda(times.processEveryMs, log)
    for (const { name, concurrency, run } of jobs) {
      const options = { concurrency, lockLimit: concurrency * lockedAhead, backoff: () => againAfterMs }
      agenda.define(name, (job) => run(job.attrs.data, log), options)
    }
    setRunning(agenda)
    const started = new Jobs(agenda, log)
    await started.#sweep()
    await agenda.start()
    started.#timer = setInterval(() => started.#sweep(), times.sweepEveryMs)
    return started
  }

  /** Lets what runs finish. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    setRunning(undefined)
    await this.#agenda.drain()
    await this.#sweeping
  }

  /** One sweep at a time: a slow one is not overtaken. */
  #sweep(): Promise<void> {
    this.#sweeping ??= sweep()
      .catch((error) => this.#log.error({ err: error }, 'not all that was due could be fired'))
      .finally(() => {
        this.#sweeping = undefined
      })
    return this.#sweeping
  }
}
