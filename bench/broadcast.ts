import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { hear } from './events.ts'
import { load, send } from './load.ts'
import type { Line } from './table.ts'
import type { BenchWorld } from './world.ts'

/** One call with everybody as its audience, from the request to the last message at the sandbox. */
export async function measureBroadcast(world: BenchWorld): Promise<Line> {
  const { people } = world
  const text = 'To all of you'
  const { promise: allCame, resolve } = Promise.withResolvers<void>()
  let arrived = 0
  const ears = await hear(world.sandboxUrl, ({ message }) => {
    if (message.text === text && ++arrived === people.length) resolve()
  })
  const agent = new Agent()
  const from = performance.now()
  const answer = await send(world.notify({ userIds: people, text }), agent)
  if (answer.status !== 200) throw new Error(`The call was refused: ${answer.text}`)
  const answeredAfter = performance.now() - from
  await Promise.race([allCame, pause(60_000)])
  const seconds = (performance.now() - from) / 1000
  await ears.close()
  return {
    what: `one call to ${people.length} recipients, without limits`,
    measured: `${Math.round(arrived / seconds)} deliveries/s`,
    note: `answered after ${Math.round(answeredAfter)} ms, ${arrived} arrived after ${seconds.toFixed(1)} s`,
  }
}

/** The sandbox alone, as a bot that does nothing but send meets it. */
export async function measureSandbox({ sandboxUrl, token, people }: BenchWorld): Promise<Line> {
  const clients = 32
  const url = `${sandboxUrl}/bot${token}/sendMessage`
  const { answers, seconds } = await load(
    (nth) => ({ url, body: () => JSON.stringify({ chat_id: people[nth % people.length], text: `Message ${nth}` }) }),
    { clients, forMs: 3_000 },
  )
  return {
    what: 'sendMessage of the sandbox',
    measured: `${Math.round(answers.length / seconds)}/s`,
    note: `${clients} connections, asked by the bench itself`,
  }
}
