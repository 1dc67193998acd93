import type { Logger } from '../config/logger.ts'

/** A kind of job, one file each. `run` may come twice for one job: it must be safe to repeat. Data are ids. */
export type Job<Data> = {
  readonly name: string
  /** How many may run at once in one process. */
  readonly concurrency: number
  readonly run: (data: Data, log: Logger) => Promise<void>
}
