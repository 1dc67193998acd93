import { ChatClient, type Connection } from './chat-client.ts'
import type { ChatView } from './chat-view.ts'
import type { SeenMessage } from './events.ts'
import { callSandbox } from './sandbox-call.ts'

/** A person's chat with a bot. */
export class PersonChat extends ChatClient<ChatView> {
  /** Takes the bot's username in lower case, without `@`. */
  constructor(connection: Connection, username: string) {
    let peer: number | undefined
    super(connection, {
      name: `the chat with @${username}`,
      async peer() {
        peer ??= await findBot(connection.url, username)
        return peer
      },
    })
  }

  async start(payload?: string): Promise<SeenMessage> {
    return this.post('/start', payload === undefined ? {} : { payload })
  }

  async stops(): Promise<void> {
    await this.post('/stop', {})
  }
}

async function findBot(url: string, username: string): Promise<number> {
  const found: { id: number; username: string }[] = await callSandbox(
    url,
    'GET',
    `/search?q=${encodeURIComponent(username)}`,
  )
  const bot = found.find((one) => one.username.toLowerCase() === username)
  if (!bot) throw new Error(`The sandbox has no bot @${username}`)
  return bot.id
}
