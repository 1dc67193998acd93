import { isValidObjectId } from 'mongoose'
import type { ChannelEvent, HookReading, HookRequest } from '../channels/channel.ts'
import { openChannel } from '../channels/channels.ts'
import { hookSecret } from '../channels/hook-address.ts'
import type { Logger } from '../config/logger.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import type { ServerRecord } from '../models/server.ts'
import { Update } from '../models/update.ts'
import { HttpFailure } from './failure.ts'
import { Remembered } from './remembered.ts'

export type HooksParts = {
  servers: readonly ServerRecord[]
  log: Logger
  /** How many updates of a bot may wait; beyond, the messenger is asked to keep what it has. */
  mostWaiting?: number
}

/** Where a bot's messages are brought to. */
type Door = { bot: BotRecord; read(request: HookRequest): HookReading } | undefined

/** Takes what messengers bring, for whichever bot: this process need not run it. It is acknowledged once it is stored, and not before. */
export class Hooks {
  readonly #parts: Required<HooksParts>
  readonly #doors = new Remembered<Door>({ forMs: 1000, most: 10_000 })
  readonly #waiting = new Remembered<number>({ forMs: 1000, most: 10_000 })
  readonly #forget = () => this.#doors.forget()

  constructor(parts: HooksParts) {
    this.#parts = { mostWaiting: 10_000, ...parts }
    changes.on('bots', this.#forget)
  }

  close(): void {
    changes.off('bots', this.#forget)
  }

  /** @throws HttpFailure when it is not taken: 404, 403 without the secret, 400, 429 when too many wait, 503 when they cannot be stored */
  async take(channel: string, id: string, request: HookRequest): Promise<void> {
    const door = isValidObjectId(id) ? await this.#ask(() => this.#door(channel, id)) : undefined
    if (!door) throw new HttpFailure(404, 'api.botNotFound')
    const reading = door.read(request)
    if ('refused' in reading) throw refusals[reading.refused]()
    await this.#ask(() => this.#store(door.bot, reading.events))
  }

  #door(channel: string, id: string): Promise<Door> {
    return this.#doors.get(`${channel} ${id}`, async () => {
      const bot = await Bot.byId(id)
      const server = this.#parts.servers.find(({ _id }) => _id === bot?.server)
      if (!bot || server?.channel !== channel) return undefined
      const { webhook } = openChannel(server, Bot.token(bot))
      const secret = hookSecret(bot)
      return webhook && { bot, read: (request) => webhook.read(request, secret) }
    })
  }

  async #store(bot: BotRecord, events: ChannelEvent[]): Promise<void> {
    const id = String(bot._id)
    const waiting = await this.#waiting.get(id, () => Update.waiting(bot._id).exec())
    if (waiting >= this.#parts.mostWaiting) throw new HttpFailure(429, 'api.tooMany', { seconds: 1 })
    await Update.take(bot._id, events)
    // A repeat tells too: it may be of one that was stored although that seemed to fail.
    changes.emit('inbox', id)
  }

  /** Whatever the store fails with, the messenger is to come again: a repeat is refused by its id. */
  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof HttpFailure) throw error
      this.#parts.log.error({ err: error }, 'a webhook could not be stored')
      throw new HttpFailure(503, 'api.unavailable')
    }
  }
}

const refusals = {
  forged: () => new HttpFailure(403, 'api.hookForged'),
  malformed: () => new HttpFailure(400, 'api.notUpdate'),
}
