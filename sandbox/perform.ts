import type { BotMethod, Call } from './bot-methods/method.ts'
import { BotApiError } from './failures.ts'
import type { World } from './world.ts'

/** Carries out a call; resolves to its result once what it changed is stored. */
export async function perform(world: World, method: BotMethod, call: Call): Promise<unknown> {
  const result = await method(world, call)
  await world.store.committed()
  return result
}

/** How the counters name a failure. */
export function outcomeOf(error: unknown): string {
  return error instanceof BotApiError ? String(error.code) : '500'
}
