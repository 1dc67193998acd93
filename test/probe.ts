import { type Colony, startColony } from '../chat-test.ts'
import { type FleetTimes, fleetTimes } from '../fleet/fleet.ts'
import { Bot } from '../models/bot.ts'
import { type AnyScene, basics, defineKind, defineScene, type OpenScene } from '../rookery.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'

/** The text of the probe that says its parameter `text`. */
export const said = 'probe.said' as never

/** Three questions, then what was answered. */
export const form = defineScene('form@1', async (talk) => {
  const name = await talk.ask(said, { text: 'Name?' })
  const phone = await talk.ask(said, { text: 'Phone?' })
  const city = await talk.ask(said, { text: 'City?' })
  await talk.say(said, { text: `name=${name} phone=${phone} city=${city}` })
})

export type Probe = AsyncDisposable & { colony: Colony; chat: PersonChat }
export type ProbeOptions = {
  dir?: string
  scenes?: readonly AnyScene[]
  times?: FleetTimes
  env?: Record<string, string>
}

/**
 * A colony with one bot, @probe_bot, that knows these commands; `chat` is the admin's, who has pressed Start. The text `probe.said` says
 * its parameter `text`. With a `dir` it can be closed and started again.
 */
export async function startProbe(
  commands: Record<string, OpenScene>,
  { dir, scenes = [], times = fleetTimes, env = {} }: ProbeOptions = {},
): Promise<Probe> {
  const described = Object.fromEntries(Object.keys(commands).map((name) => [name, `Tries ${name}`]))
  const texts = { command: described, said: '{{text}}' }
  const skills = [basics, { id: 'probing', commands, scenes }]
  const probe = defineKind({ id: 'probe', locales: { en: texts, ru: texts, uz: texts }, skills })
  const colony = await startColony({ kinds: [probe], times, env, ...(dir && { dir }) })
  try {
    return { colony, chat: await chatOf(colony), [Symbol.asyncDispose]: () => colony.close() }
  } catch (error) {
    // Else it would be in the way of the next test.
    await colony.close()
    throw error
  }
}

async function chatOf({ admin, addBot }: Colony): Promise<PersonChat> {
  const chat = admin.chat('probe_bot')
  if (await Bot.named('sandbox', 'probe_bot')) return chat
  await addBot({ name: 'Probe', username: 'probe_bot', kind: 'probe' })
  await chat.start()
  await chat.sees('Probe')
  return chat
}

/** What the sandbox has seen a bot send, in order. */
export async function outbox({ colony }: Probe): Promise<{ message_id: number; text?: string }[]> {
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  return (await fetch(`${colony.app.sandboxUrl}/api/bots/${bot.botId}/outbox`)).json() as Promise<
    { message_id: number; text?: string }[]
  >
}

/** Makes the sandbox misbehave towards the bot, as sandbox/README.md tells. */
export async function inject({ colony }: Probe, faults: object): Promise<void> {
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  const answer = await fetch(`${colony.app.sandboxUrl}/api/faults/${bot.botId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
