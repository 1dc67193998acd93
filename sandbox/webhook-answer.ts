import { findMethod } from './bot-methods/list.ts'
import type { Bot } from './bots.ts'
import { Parameters } from './parameters.ts'
import { outcomeOf, perform } from './perform.ts'
import type { WebhookAnswer } from './webhook-post.ts'
import type { World } from './world.ts'

/** What Telegram does not do in answer to a webhook, for nobody would hear the result. */
const useless = /^(get|setWebhook|deleteWebhook)/

/** A webhook may answer with a method and its parameters, JSON or a form; it never hears how that went. */
export async function carryOutAnswer(world: World, bot: Bot, { type, body }: WebhookAnswer) {
  const values = readAnswer(type, body)
  const found = findMethod(String(values.method ?? ''))
  if (!found || useless.test(found.name)) return
  const count = (outcome: string) => world.counters.count(bot.id, found.name, outcome)
  try {
    await perform(world, found, { bot, parameters: new Parameters(values), gone: () => world.closing.signal })
    count('ok')
  } catch (error) {
    // The counters are all that tells of it.
    count(outcomeOf(error))
  }
}

function readAnswer(type: string, body: string): Record<string, unknown> {
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body))
  if (!type.startsWith('application/json')) return {}
  try {
    const values: unknown = JSON.parse(body)
    return typeof values === 'object' && values !== null ? { ...values } : {}
  } catch {
    // A bot may answer whatever it likes, so this is no call.
    return {}
  }
}
