import type { Callee } from '../crash-caller.ts'
import { Caller } from '../crash-caller.ts'
import type { ChaosWorld } from './world.ts'

const keyIn = /\d{4} \d{4}/

/** Other people, spread over the bots: each asks a bot for a key, and another system connects them. Answers who is which user. */
export async function connectUsers(
  world: ChaosWorld,
  count: number,
): Promise<{ caller: Caller; chats: Map<string, number> }> {
  const { bots, apiKey, rookeries } = world
  const chats = new Map<string, number>()
  const users: Callee[] = []
  for (let nth = 0; nth < count; nth++) {
    const bot = bots[nth % bots.length] as (typeof bots)[number]
    const userId = `user-${nth}`
    const person = await world.addPerson(userId)
    chats.set(userId, person)
    users.push({ userId, bot: bot.username })
    await world.sends(person, bot, '/key')
  }
  const keys = await keysOf(world, count)
  const caller = new Caller((nth) => rookeries[nth % rookeries.length]?.url ?? '', { apiKey, users })
  for (const { userId, bot } of users) {
    const answer = await caller.call(bot, 'keys/assign', { key: keys.get(chats.get(userId) ?? 0), userId })
    if (!answer.success) throw new Error(`${userId} could not be connected: ${answer.message}`)
  }
  return { caller, chats }
}

/** The keys that the bots have told, by chat. */
async function keysOf(world: ChaosWorld, count: number): Promise<Map<number, string>> {
  return world.until(async () => {
    const told = (await world.outbox()).map(({ chat_id, text }) => [chat_id, keyIn.exec(text)?.[0] ?? ''] as const)
    const keys = new Map(told.filter(([, key]) => key))
    return keys.size >= count ? keys : undefined
  })
}
