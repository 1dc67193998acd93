import type { Agenda } from 'agenda'
import type { Logger } from '../config/logger.ts'
import { openAgenda, setRunning } from './agenda.ts'
import { endPauseJob } from './end-pause.ts'
import { fireOccurrence } from './fire-occurrence.ts'
import type { Job } from './job.ts'
import { remind } from './remind.ts'
import { runErrand } from './run-errand.ts'
import { sweep } from './sweep.ts'

// biome-ignore lint/suspicious/noExplicitAny: a list of jobs has no one type of data
const jobs: Job<any>[] = [fireOccurrence, remind, runErrand, endPauseJob]

export const jobTimes = {
  /** How often Agenda looks for jobs, and so how far ahead it locks them. */
  processEveryMs: 1_000,
  /** How often the sweep looks for what the alarms have missed. */
  sweepEveryMs: 1_000,
}
export type JobTimes = typeof jobTimes

/** Agenda locks what falls due until it looks again: so many times what may run at once. */
const lockedAhead = 5
/** How long Agenda may take to write down that its last job is done. */
const patienceMs = 2_000
/** One that failed comes again, since only what succeeds is removed. By then the sweep has done its work. */
const againAfterMs = 60_000

/** The jobs of this process, on the open store. */
export class Jobs {
  readonly #agenda: Agenda
  readonly #log: Logger
  readonly #underWay = new Set<Promise<void>>()
  #sweeping: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  private constructor(agenda: Agenda, log: Logger) {
    this.#agenda = agenda
    this.#log = log
  }

  /** Takes up what fell due while no process ran, then waits for what comes. */
  static async start(log: Logger, times: JobTimes = jobTimes): Promise<Jobs> {
    const agenda = await openAgenda(times.processEveryMs, log)
    const started = new Jobs(agenda, log)
    for (const { name, concurrency, run } of jobs) {
      const options = { concurrency, lockLimit: concurrency * lockedAhead, backoff: () => againAfterMs }
      agenda.define(name, (job) => started.#track(run(job.attrs.data, log)), options)
    }
    setRunning(agenda)
    await started.#sweep()
    await agenda.start()
    started.#timer = setInterval(() => started.#sweep(), times.sweepEveryMs)
    return started
  }

  /** Lets what runs finish. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    setRunning(undefined)
    const late = new AbortController()
    const drained = this.#agenda.drain({ signal: late.signal })
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
    // Agenda does not see the end of a job that it is just writing down, and would wait for it for ever.
    const patience = setTimeout(() => late.abort(), patienceMs)
    await drained
    clearTimeout(patience)
    await this.#sweeping
  }

  async #track(work: Promise<void>): Promise<void> {
    this.#underWay.add(work)
    try {
      await work
    } finally {
      this.#underWay.delete(work)
    }
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
