import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** A process of ours with what it has said so far. */
export class Child {
  readonly #process: ChildProcess
  readonly #ended: Promise<unknown>
  readonly startedAt = performance.now()
  output = ''
  errors = ''

  /** Runs a file of the project under this Node; `env` is all of its environment but for PATH and HOME. */
  constructor(args: string[], env: Record<string, string>) {
    const { PATH = '', HOME = '' } = process.env
    this.#process = spawn(process.execPath, args, { cwd: root, env: { PATH, HOME, ...env } })
    this.#ended = once(this.#process, 'close')
    const endWithUs = () => this.#process.kill('SIGKILL')
    process.once('exit', endWithUs)
    this.#process.once('exit', () => process.off('exit', endWithUs))
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text
    })
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Waits until standard output holds the pattern; answers its first group. */
  async says(pattern: RegExp, { within = 20_000 } = {}): Promise<string> {
    const patience = AbortSignal.timeout(within)
    for (;;) {
      const found = pattern.exec(this.output)
      if (found) return found[1] ?? found[0]
      const ended = this.#ended.then(() => 'ended')
      const said = once(this.#process.stdout ?? this.#process, 'data', { signal: patience })
      const news = await Promise.race([ended, said]).catch(() => 'silent')
      if (news === 'ended' || news === 'silent')
        throw new Error(`The process ${this.pid} ${news} before it said ${pattern}:\n${this.output}${this.errors}`)
    }
  }

  /** Ends it and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.alive) this.#process.kill(signal)
    await this.#ended
  }
}
