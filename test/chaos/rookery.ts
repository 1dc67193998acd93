import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePorts, type LaunchedProcess, launch } from '../rookery-process.ts'

const killAt = pathToFileURL(join(import.meta.dirname, 'kill-at.ts')).href

export type Birthplace = { dir: string; env: Record<string, string>; kind: string }

/** One Rookery that dies and comes back at the same address, as under a supervisor. */
export class Rookery {
  readonly #place: Birthplace
  readonly #port: string
  readonly url: string
  #life: LaunchedProcess
  #earlierLives = ''
  #closing = false
  /** How often it was killed, by us or at a point of its own work. */
  deaths = 0
  /** The point at which its next life ends. */
  #fate: Record<string, string> = {}

  private constructor(place: Birthplace, port: string) {
    this.#place = place
    this.#port = port
    this.url = `http://127.0.0.1:${port}`
    this.#life = this.#begin()
  }

  static async start(place: Birthplace): Promise<Rookery> {
    const rookery = new Rookery(place, (await freePorts()).PORT)
    await rookery.says(/^Rookery:/m)
    return rookery
  }

  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#life.says(pattern)
  }

  /** Ends it in the middle of whatever it does; it starts again by itself. */
  async kill(): Promise<void> {
    await this.#life.stop('SIGKILL')
  }

  /** It dies now, and once more when its next life has passed a named point of its work so often. */
  async killAt(point: string, nth: number): Promise<void> {
    this.#fate = { KILL_AT: point, KILL_AT_NTH: String(nth), NODE_OPTIONS: `--import=${killAt}` }
    await this.kill()
  }

  /** Holds it still: it neither works nor dies. */
  async freeze(ms: number): Promise<void> {
    const { pid } = this.#life
    process.kill(pid, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, ms))
    try {
      process.kill(pid, 'SIGCONT')
    } catch (error) {
      // It was killed while it stood still.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  log(): string {
    return this.#earlierLives + this.#life.log()
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#life.stop('SIGTERM')
  }

  #begin(): LaunchedProcess {
    const { dir, env, kind } = this.#place
    const life = launch({ dir, env: { ...env, PORT: this.#port, ...this.#fate }, args: ['start', kind] })
    this.#fate = {}
    life.ended.then(() => {
      if (this.#closing) return
      this.deaths++
      this.#earlierLives += life.log()
      this.#life = this.#begin()
    })
    return life
  }
}
