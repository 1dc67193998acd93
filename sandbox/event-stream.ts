import { EventEmitter } from 'node:events'
import type { SeenMessage } from './events.ts'
import type { TextMessage } from './text-messages.ts'

/** What happened to the messages of a person's chats since the stream was opened, by peer, and the SMS that came, in order. */
export interface EventStream {
  messagesWith(peer: number): readonly SeenMessage[]
  readonly textMessages: readonly TextMessage[]
  /** Grows with every event, so that none slips by between a look and the wait for the next one. */
  readonly version: number
  /** Resolves when there is more than `version`, or so many milliseconds are over; rejects when the sandbox has gone. */
  next(version: number, milliseconds: number): Promise<void>
  close(): Promise<void>
}

export async function openEventStream(url: string, person: number): Promise<EventStream> {
  const closing = new AbortController()
  const response = await fetch(`${url}/api/events?person=${person}`, { signal: closing.signal })
  if (!response.ok || !response.body) throw new Error(`The sandbox gives no events: ${response.status}`)
  const byPeer = new Map<number, SeenMessage[]>()
  const textMessages: TextMessage[] = []
  // Whoever waits in any of the person's chats listens: that is no leak.
  const news = new EventEmitter().setMaxListeners(0)
  let gone = false
  let version = 0
  const reading = read(response.body.pipeThrough(new TextDecoderStream()))
  return {
    messagesWith: (peer) => byPeer.get(peer) ?? [],
    textMessages,
    get version() {
      return version
    },
    async next(seen, milliseconds) {
      if (gone) throw new Error('The sandbox has closed')
      if (version > seen) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, Math.max(milliseconds, 0))
      news.once('news', resolve)
      await promise
      clearTimeout(timer)
      news.off('news', resolve)
    },
    async close() {
      closing.abort()
      await reading
    },
  }

  async function read(chunks: ReadableStream<string>): Promise<void> {
    let rest = ''
    try {
      for await (const chunk of chunks) {
        const blocks = (rest + chunk).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) take(block)
        version += blocks.length
        news.emit('news')
      }
    } catch (error) {
      // A connection that breaks and one that is closed here both end the stream; `next` tells whoever still waits.
      if (!(error instanceof Error)) throw error
    }
    gone = true
    news.emit('news')
  }

  function take(block: string): void {
    const [, event, data] = /^event: (message|sms)\ndata: (.*)$/s.exec(block) ?? []
    if (data === undefined) return
    if (event === 'sms') {
      textMessages.push((JSON.parse(data) as { sms: TextMessage }).sms)
      return
    }
    const { peer, message } = JSON.parse(data) as { peer: number; message: SeenMessage }
    byPeer.set(peer, [...(byPeer.get(peer) ?? []), message])
  }
}

/** Looks at every event until there is something to see; undefined when the milliseconds are over. */
export async function until<T>(
  stream: EventStream,
  milliseconds: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = performance.now() + milliseconds
  for (;;) {
    const { version } = stream
    const found = await look()
    const left = end - performance.now()
    if (found !== undefined || left <= 0) return found
    await stream.next(version, left)
  }
}
