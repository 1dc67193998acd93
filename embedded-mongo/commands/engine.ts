import { DateTime, int } from '../bson/values.ts'
import type { Connections } from '../connections.ts'
import { CommandError, fail } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { Catalog, checkDatabase } from '../store/catalog.ts'
import type { KeyValueStore } from '../store/key-value.ts'
import { isDamage, isFullDisk } from '../store/open-file.ts'
import type { Request } from '../wire/message.ts'
import { checkFields } from './command-fields.ts'
import { checkConcerns } from './concerns.ts'
import { type Context, deadlineOf, fields, type LastingHandler, type Reply, refuseLate } from './context.ts'
import { Cursors } from './cursors.ts'
import { lasting, reading, writing } from './registry.ts'
import { deleteExpired } from './time-to-live.ts'

export type Answer = (reply: Reply) => void

/** Who asks. `local`: by a way that only this user can take. */
export interface Client {
  id: number
  local: boolean
  /** Its connection has ended: nobody waits for an answer any more. */
  gone: boolean
}

interface Task {
  request: Request
  client: Client
  answer: Answer
  /** A reading command that has paused. */
  paused?: Generator<undefined, Reply, void>
  deadline: number
}

const sliceMs = 8

/**
 * Runs the commands of one turn of the event loop one after another, makes what they wrote durable by one commit, and
 * only then answers them.
 */
export class Engine {
  readonly #kv: KeyValueStore
  readonly #catalog: Catalog
  readonly #cursors: Cursors
  readonly #connections: Connections
  #tasks: Task[] = []
  #turn: NodeJS.Immediate | undefined
  #finished = false
  readonly #lasting = new Set<Promise<void>>()

  constructor(kv: KeyValueStore, connections: Connections, limits: Limits) {
    this.#kv = kv
    this.#connections = connections
    this.#cursors = new Cursors(limits)
    this.#catalog = new Catalog(kv)
  }

  submit(request: Request, client: Client, answer: Answer): void {
    const handler = lasting.get(commandName(request))
    if (this.#finished) answer(interrupted())
    else if (handler) this.#begin(handler, request, client, answer)
    else {
      this.#tasks.push({ request, client, answer, deadline: Number.POSITIVE_INFINITY })
      this.#turn ??= setImmediate(() => this.#runTurn())
    }
  }

  /** Runs what has come in and commits: nothing is left half done. Reads that would go on are ended. */
  finish(): void {
    this.#finished = true
    this.#runTurn()
    clearImmediate(this.#turn)
    for (const { paused, answer } of this.#tasks.splice(0)) {
      paused?.return(noReply)
      answer(interrupted())
    }
  }

  /** Waits for what goes on beside the turns. */
  async settled(): Promise<void> {
    await Promise.all(this.#lasting)
  }

  sweep(): void {
    this.#cursors.killIdle()
    try {
      deleteExpired(this.#kv, this.#catalog)
      this.#kv.commit()
    } catch (error) {
      this.#kv.rollback()
      this.#catalog.reload()
      // What has expired stays a little longer, and the next sweep tries again; damage is told to who reads there.
      if (!isFullDisk(error) && !isDamage(error)) throw error
    }
  }

  #runTurn(): void {
    this.#turn = undefined
    const tasks = this.#tasks
    this.#tasks = []
    this.#connections.active = tasks.length
    const now = new DateTime(BigInt(Date.now()))
    const answers: [Answer, Reply][] = []
    for (const task of tasks) {
      if (task.paused && task.client.gone) {
        task.paused.return(noReply)
        continue
      }
      const reply = this.#run(task, now)
      if (reply) answers.push([task.answer, reply])
      else this.#tasks.push(task)
    }
    const failure = this.#commit()
    for (const [answer, reply] of answers) answer(failure ?? reply)
    this.#connections.active = this.#tasks.length
    if (this.#tasks.length > 0) this.#turn ??= setImmediate(() => this.#runTurn())
  }

  /** A commit that fails (a full disk) undoes the turn, and every command of it says so. */
  #commit(): Reply | undefined {
    try {
      this.#kv.commit()
      return undefined
    } catch (error) {
      this.#kv.rollback()
      this.#catalog.reload()
      return errorReply(error)
    }
  }

  #run(task: Task, now: DateTime): Reply | undefined {
    try {
      if (task.paused) return advance(task, task.paused)
      const { command } = task.request
      const name = commandName(task.request)
      checkConcerns(name, command)
      checkFields(name, command)
      checkDatabase(task.request.database)
      task.deadline = deadlineOf(command)
      const context = this.#context(task.request, task.client, now, task.deadline)
      const write = writing.get(name)
      if (write) return this.#write(() => write(context, command) as Reply)
      const read = reading.get(name) ?? fail(59, `no such command: '${name}'`)
      const result = read(context, command)
      return result instanceof Map ? result : advance(task, result)
    } catch (error) {
      return errorReply(error)
    }
  }

  #context({ database, documents }: Request, { id, local }: Client, now: DateTime, deadline: number): Context {
    const [kv, catalog, cursors, connections] = [this.#kv, this.#catalog, this.#cursors, this.#connections]
    const checkTime = () => refuseLate(deadline)
    const asked = { clock: { now }, database, documents, connectionId: id, local, deadline, checkTime }
    return { kv, catalog, cursors, connections, ...asked }
  }

  #begin(handler: LastingHandler, request: Request, client: Client, answer: Answer): void {
    const run = async () => {
      checkFields(commandName(request), request.command)
      return handler(this.#context(request, client, new DateTime(BigInt(Date.now())), Infinity), request.command)
    }
    const work = run()
      .catch(errorReply)
      .then(answer)
      .finally(() => this.#lasting.delete(work))
    this.#lasting.add(work)
  }

  /** A command that fails leaves nothing behind, in the file or in the catalog. */
  #write(work: () => Reply): Reply {
    try {
      return this.#kv.attempt(() => {
        const reply = work()
        this.#catalog.flush()
        return reply
      })
    } catch (error) {
      this.#catalog.reload()
      throw error
    }
  }
}

const commandName = ({ command }: Request): string => command.keys().next().value ?? ''

const noReply: Reply = new Map()
const interrupted = (): Reply => errorReply(new CommandError(11600, 'interrupted at shutdown'))

function advance(task: Task, steps: Generator<undefined, Reply, void>): Reply | undefined {
  const end = performance.now() + sliceMs
  do {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() > task.deadline) {
      // What it holds in memory is given back as it ends.
      steps.return(noReply)
      refuseLate(task.deadline)
    }
  } while (performance.now() < end)
  task.paused = steps
  return undefined
}

export function errorReply(error: unknown): Reply {
  const known = error instanceof CommandError ? error : failureOfStore(error as Error)
  const extra = [...(known.extra ?? [])]
  return new Map([
    ...fields({ ok: 0, errmsg: known.message, code: int(known.code), codeName: known.codeName }),
    ...extra,
  ])
}

function failureOfStore(error: Error): CommandError {
  if (isDamage(error))
    return new CommandError(1, `the embedded store's file is damaged (${error.message}); restore it from a backup`)
  return new CommandError(isFullDisk(error) ? 14031 : 1, `the embedded store failed: ${error.message}`)
}
