import type { FoundMethod } from './bot-methods/list.ts'
import type { Call } from './bot-methods/method.ts'
import { BotApiError } from './failures.ts'
import type { World } from './world.ts'

/** Carries out a call, if the limits let it; resolves to its result once what it changed is stored. */
export async function perform(world: World, { name, method }: FoundMethod, call: Call): Promise<unknown> {
  world.limits.admit(call.bot.id, name, call.parameters.integer('chat_id'))
  const result = await method(world, call)
  await world.store.committed()
  return result
}

/** How the counters name a failure. */
export function outcomeOf(error: unknown): string {
  return error instanceof BotApiError ? String(error.code) : '500'
}
