import { hear } from './events.ts'
import { load } from './load.ts'
import type { Line } from './table.ts'
import type { BenchWorld } from './world.ts'

const fillers = 64
const forMs = 8_000
const answers = new Map([
  ['What is your name?', 'Ann'],
  ['Pleased to meet you, Ann. What is your phone number?', '+998 90 123 45 67'],
  ['And which city do you live in?', 'Tashkent'],
])

/** People fill the form of hello again and again, each answering as soon as they are asked; each of their messages is an update. */
export async function measureForm(world: BenchWorld): Promise<Line> {
  const { sandboxUrl, botId } = world
  const people = new Set(world.people.slice(0, fillers))
  let replies = 0
  let running = true
  const say = (person: number, text: string) =>
    load(
      (nth) =>
        nth === 0
          ? { url: `${sandboxUrl}/api/people/${person}/chats/${botId}/messages`, body: () => JSON.stringify({ text }) }
          : undefined,
      { clients: 1 },
    )
  const ears = await hear(sandboxUrl, ({ person, message }) => {
    if (message.outgoing || !people.has(person) || !running) return
    replies++
    say(person, answers.get(message.text ?? '') ?? '/form')
  })
  const from = performance.now()
  for (const person of people) say(person, '/form')
  await new Promise((resolve) => setTimeout(resolve, forMs))
  running = false
  const seconds = (performance.now() - from) / 1000
  await ears.close()
  return {
    what: 'updates through the whole path',
    measured: `${Math.round(replies / seconds)}/s`,
    note: `${fillers} people fill the form of hello, long polling`,
  }
}
