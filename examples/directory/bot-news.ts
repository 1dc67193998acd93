import type { Person } from './person.ts'

/** How a bot took the news; absent where no bot is set. */
export interface Told {
  call: string
  success: boolean
  message?: string
}

export type TellBot = (call: string, params: Record<string, unknown>) => Promise<Told | undefined>

/** Where the bot's integration points are. */
export interface BotAddress {
  rookeryUrl: string
  bot: string
  apiKey: string
}

const patienceMs = 10_000

/** Tells one bot what an admin did. A bot that cannot be told undoes nothing: the admin hears it and may tell it again. */
export function newsFor({ rookeryUrl, bot, apiKey }: BotAddress): TellBot {
  const base = `${rookeryUrl.replace(/\/+$/, '')}/api/v1/bots/${encodeURIComponent(bot)}/call`
  return async (call, params) => {
    try {
      const response = await fetch(`${base}/${call}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ script_request_params: params }),
        signal: AbortSignal.timeout(patienceMs),
      })
      const { success, message } = (await response.json()) as { success: boolean; message?: string }
      return { call, success, ...(message && { message }) }
    } catch (error) {
      return { call, success: false, message: `The bot cannot be reached: ${(error as Error).message}` }
    }
  }
}

export function updateOf({ userId, lastname, firstname, middlename, role, active, phone, email, location }: Person) {
  const known = { lastname, firstname, patronymic: middlename, phone, email, location: location && without(location) }
  return { userId, role, active, ...without(known), eventId: 'admin-page', changedBy: 'admin' }
}

/** The bot's integration points take no null. */
function without(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
