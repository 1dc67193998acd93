import { Bots } from './bots.ts'
import { CallbackQueries } from './callback-queries.ts'
import { Chats } from './chats.ts'
import { Conversations } from './conversations.ts'
import { Counters } from './counters.ts'
import { Events } from './events.ts'
import { Faults } from './faults.ts'
import { Files } from './files.ts'
import { Groups } from './groups.ts'
import { Limits } from './limits.ts'
import { Messages } from './messages.ts'
import { People } from './people.ts'
import { Store } from './store.ts'
import { TextMessages } from './text-messages.ts'
import { Typing } from './typing.ts'
import { Updates } from './updates.ts'
import type { WebhookTimes } from './webhook-sender.ts'
import { Webhooks } from './webhooks.ts'

/** The parts of one sandbox, put together. */
export function createWorld(dir: string, times: WebhookTimes) {
  const store = new Store(dir)
  const events = new Events(store)
  const bots = new Bots(store)
  const chats = new Chats(store)
  const groups = new Groups(store)
  const typing = new Typing()
  const messages = new Messages(store)
  const updates = new Updates(store, bots)
  return {
    store,
    events,
    people: new People(store),
    bots,
    chats,
    groups,
    typing,
    messages,
    textMessages: new TextMessages(store),
    conversations: new Conversations({ chats, groups, typing, messages, events }),
    updates,
    webhooks: new Webhooks(bots, updates, times),
    queries: new CallbackQueries(events),
    files: new Files(store),
    faults: new Faults(),
    limits: new Limits(store),
    counters: new Counters(),
    /** Ends what waits when the sandbox closes. */
    closing: new AbortController(),
  }
}

export type World = ReturnType<typeof createWorld>
