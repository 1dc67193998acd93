import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from '../config/logger.ts'
import type { Kind } from '../dialogue/kind.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import type { ServerRecord } from '../models/server.ts'
import { inboxTimes } from './inbox.ts'
import { intakeTimes } from './intake.ts'
import { LeaseHold, leaseTimes } from './lease-hold.ts'
import { Runner, type RunnerTimes } from './runner.ts'
import { type Division, Share, shareTimes } from './share.ts'

export const fleetTimes = {
  inbox: inboxTimes,
  intake: intakeTimes,
  lease: leaseTimes,
  share: shareTimes,
  lookEveryMs: 1_000,
}
export type FleetTimes = RunnerTimes & Pick<typeof fleetTimes, 'lease' | 'share' | 'lookEveryMs'>

export type FleetParts = {
  servers: readonly ServerRecord[]
  kinds: ReadonlyMap<string, Kind>
  /** The store serves no other process: whoever held a lease is dead. */
  alone: boolean
  log: Logger
  times?: FleetTimes
}

/**
 * Brings the bots that run here in line with their records. Nobody calls it: it looks when a record of this process changes, and every
 * second for what other processes changed. On a store that serves several processes each runs its share.
 */
export class Fleet {
  readonly #parts: Required<FleetParts>
  /** For whoever reads the records: a process of which machine it is. */
  readonly #owner = `${hostname()}:${process.pid}:${randomUUID()}`
  readonly #share: Share | undefined
  readonly #runners = new Map<string, Runner>()
  /** Those of them that are just being stopped. */
  readonly #ending = new Set<string>()
  /** Bots that are just being started or stopped: a slow one holds up no other. */
  readonly #transitions = new Map<string, Promise<void>>()
  #looking: NodeJS.Timeout | undefined
  #renewing: NodeJS.Timeout | undefined
  #closed = false

  constructor(parts: FleetParts) {
    this.#parts = { times: fleetTimes, ...parts }
    const servers = parts.servers.map(({ _id }) => _id)
    if (!parts.alone) this.#share = new Share(this.#owner, servers, this.#parts.times.share)
  }

  /** Resolves when every bot that this process got has begun. */
  async start(): Promise<void> {
    const { lookEveryMs, lease } = this.#parts.times
    changes.on('bots', this.#look)
    this.#looking = setInterval(this.#look, lookEveryMs)
    this.#renewing = setInterval(this.#renew, lease.renewEveryMs)
    await this.#reconcile()
    await Promise.all(this.#transitions.values())
  }

  /** Stops every bot: intake first, then what is under way; leases are free at once. */
  async stop(): Promise<void> {
    this.#closed = true
    changes.off('bots', this.#look)
    clearInterval(this.#looking)
    await Promise.all(this.#transitions.values())
    const work = [...this.#runners.values()].map((runner) => this.#end(runner))
    const ends = await Promise.allSettled([this.#share?.leave(), ...work])
    // Renewed to the last: a lane may take longer to finish than a lease lasts.
    clearInterval(this.#renewing)
    const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    if (failed.length > 0) throw new AggregateError(failed, 'Some bots could not be stopped cleanly')
  }

  readonly #look = () => {
    this.#reconcile().catch((error) => this.#parts.log.error({ err: error }, 'the bots could not be looked at'))
  }

  async #reconcile(): Promise<void> {
    const wanted = await Bot.running(this.#parts.servers.map(({ _id }) => _id))
    if (this.#closed) return
    const records = new Map(wanted.map((bot) => [String(bot._id), bot]))
    for (const [id, runner] of this.#runners) {
      const record = records.get(id)
      if (record && !needsNewStart(runner.bot, record)) runner.adopt(record)
      else this.#move(id, () => this.#end(runner).then(() => record && this.#begin(record)))
    }
    const known = wanted.filter(({ kind }) => this.#parts.kinds.has(kind)).map(({ _id }) => String(_id))
    const { take, handOver } = await this.#divide(known)
    if (this.#closed) return
    for (const id of take) this.#move(id, async () => this.#begin(records.get(id) as BotRecord))
    for (const id of handOver) this.#move(id, async () => this.#end(this.#runners.get(id) as Runner))
  }

  async #divide(bots: string[]): Promise<Division> {
    const mine = new Set([...this.#runners.keys(), ...this.#transitions.keys()].filter((id) => !this.#ending.has(id)))
    if (this.#share) return this.#share.divide(bots, mine)
    return { take: bots.filter((id) => !mine.has(id)), handOver: [] }
  }

  /** One change at a time for a bot; what has changed meanwhile the next look sees. */
  #move(id: string, change: () => Promise<void>): void {
    if (this.#transitions.has(id)) return
    const move = change()
      .catch((error) => this.#parts.log.error({ err: error, bot: id }, 'a bot could not be started or stopped'))
      .finally(() => this.#transitions.delete(id))
    this.#transitions.set(id, move)
  }

  async #begin(bot: BotRecord): Promise<void> {
    const { servers, kinds, times, log, alone } = this.#parts
    const server = servers.find(({ _id }) => _id === bot.server)
    const kind = kinds.get(bot.kind)
    if (!server || !kind) return
    const hold = await LeaseHold.take(bot._id, this.#owner, times.lease, alone)
    if (!hold) return
    const runner = new Runner(bot, { server, kind, hold, log, times })
    this.#runners.set(String(bot._id), runner)
    await runner.start().catch(async (error) => {
      await this.#end(runner)
      throw error
    })
    log.info({ bot: bot.username, kind: kind.id, epoch: hold.epoch }, 'bot runs')
  }

  async #end(runner: Runner): Promise<void> {
    const id = String(runner.bot._id)
    this.#ending.add(id)
    try {
      await runner.stop()
      this.#runners.delete(id)
      await runner.hold.release()
    } finally {
      this.#ending.delete(id)
    }
    this.#parts.log.info({ bot: runner.bot.username }, 'bot rests')
  }

  readonly #renew = () => {
    for (const [id, runner] of this.#runners) {
      runner.hold.renew().then(
        // Not of one that is ending: it has given its lease back.
        (held) => held || this.#runners.get(id) !== runner || this.#lost(id, runner),
        (error) => this.#parts.log.error({ err: error }, 'a lease could not be renewed'),
      )
    }
  }

  #lost(id: string, runner: Runner): void {
    this.#parts.log.warn({ bot: runner.bot.username }, 'the lease was lost to another process')
    this.#move(id, () => this.#end(runner))
  }
}

function needsNewStart(running: BotRecord, record: BotRecord): boolean {
  return running.kind !== record.kind || !Buffer.from(running.token).equals(Buffer.from(record.token))
}
