import type { PersonChat } from '../sandbox/person-chat.ts'
import type { RookeryProcess } from './rookery-process.ts'

/** The key that a bot gives to whoever starts it and asks for one. */
export async function keyOf(chat: PersonChat): Promise<string> {
  await chat.start()
  await chat.sends('/key')
  const { text = '' } = await chat.sees(/\d{4} \d{4}/)
  return /\d{4} \d{4}/.exec(text)?.[0] ?? ''
}

/** A new API key for all bots. */
export async function makeApiKey(metabot: PersonChat): Promise<string> {
  await metabot.sends('/start')
  await metabot.presses('API keys')
  await metabot.presses('New')
  await metabot.sees('What shall the key be called?')
  await metabot.sends('Shop')
  await metabot.presses('All bots')
  await metabot.presses('All endpoints')
  const { text = '' } = await metabot.sees('it is shown this once')
  return /rk_[\w-]+/.exec(text)?.[0] ?? ''
}

/** Calls endpoints of a bot as another system does, each call with an Idempotency-Key of its own. */
export function caller({ url }: Pick<RookeryProcess, 'url'>, bot: string, apiKey: string) {
  return async (alias: string, params: object): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1/bots/${bot}/call/${alias}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({ script_request_params: params }),
    })
    return answer.json()
  }
}
