import type { Message } from 'grammy/types'
import type { Store } from './store.ts'
import type { TextMessage } from './text-messages.ts'

/** A message as a person's client shows it; `outgoing` if the person wrote it. */
export type SeenMessage = Message & {
  outgoing: boolean
  /** What happened in a group, in words: a service message says nothing else. */
  service?: string
}

export interface CallbackAnswer {
  text?: string
  show_alert?: boolean
  url?: string
}

type InChat = { person: number; peer: number }

/** What the API of people tells its listeners; one without `person` is for everybody. */
export type SandboxEvent =
  | ({ event: 'message'; message: SeenMessage; edited?: true } & InChat)
  | ({ event: 'deleted'; ids: number[] } & InChat)
  | ({ event: 'typing' } & InChat)
  | ({ event: 'callback_answer'; query_id: string } & CallbackAnswer & InChat)
  | ({ event: 'chat' } & InChat)
  | { event: 'sms'; person: number; sms: TextMessage }
  | { event: 'people' }
  | { event: 'bots' }

type Listener = (event: SandboxEvent) => void

export class Events {
  readonly #listeners = new Set<Listener>()
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Tells the listeners once what it tells of is stored. */
  publish(event: SandboxEvent): void {
    if (this.#listeners.size === 0) return
    this.#store.afterCommit(() => {
      for (const listener of this.#listeners) listener(event)
    })
  }

  /** Answers with the function that ends the listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
