import { EventEmitter } from 'node:events'

type Changes = {
  /** A bot's record was added, changed or removed: the fleet looks at the records at once. */
  bots: []
  /** Deliveries of this bot (its record's id) have become due: its dispatcher looks at once. */
  deliveries: [bot: string]
  /** Something was stored in this bot's inbox from within: its lanes look at once. */
  inbox: [bot: string]
}

/** Tells the rest of this process that records changed; other processes see it by their short poll. */
export const changes = new EventEmitter<Changes>()
// Every bot that runs here listens.
changes.setMaxListeners(0)
