import { type Colony, startColony } from '../chat-test.ts'
import type { PersonClient } from '../sandbox/person.ts'
import { percentile } from './stats.ts'
import type { Line } from './table.ts'

const singly = 50
const atOnce = 200

/**
 * Linking by phone match: from the shared contact to the greeting that the sandbox has. Rookery, the sandbox and the
 * clients are one process, the directory another.
 */
export async function measureLinking(): Promise<Line[]> {
  await using colony = await startColony({ directory: true })
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  const people = await Promise.all(Array.from({ length: singly + atOnce }, (_, nth) => known(colony, nth)))
  for (const person of people) await asksToLink(person)
  const one = await measured(colony, people.slice(0, singly), async (some) => {
    const took: number[] = []
    for (const person of some) took.push(await links(person))
    return took
  })
  const all = await measured(colony, people.slice(singly), (some) => Promise.all(some.map(links)))
  return [
    {
      what: 'linking by phone match, one after another',
      measured: `p50 ${ms(percentile(one.took, 50))}, longest ${ms(Math.max(...one.took))}`,
      note: `${one.calls} directory calls (aim 3) and ${one.messages} messages each`,
    },
    {
      what: `${atOnce} people linking at once`,
      measured: `all within ${ms(all.inAll)}, p50 ${ms(percentile(all.took, 50))}`,
      note: `${all.calls} directory calls each, each linked once`,
    },
  ]
}

const ms = (duration: number) => `${Math.round(duration)} ms`

async function known(colony: Colony, nth: number): Promise<PersonClient> {
  const person = await colony.person({ first_name: `Number ${nth}`, language_code: 'en' })
  await colony.directory.call('POST /user', { firstname: 'Number', lastname: `${nth}`, phone: person.person.phone })
  return person
}

async function asksToLink(person: PersonClient): Promise<void> {
  await person.chat('shop_bot').sends('/link')
  await person.chat('shop_bot').sees('Who are you', { within: 60_000 })
}

/** How long it took until the greeting was there. */
async function links(person: PersonClient): Promise<number> {
  const from = performance.now()
  await person.chat('shop_bot').sendsContact()
  await person.chat('shop_bot').sees('You are connected as', { within: 120_000 })
  return performance.now() - from
}

async function measured(
  colony: Colony,
  people: PersonClient[],
  work: (people: PersonClient[]) => Promise<number[]>,
): Promise<{ took: number[]; inAll: number; calls: number; messages: number }> {
  const before = await callsTo(colony)
  const from = performance.now()
  const took = await work(people)
  const inAll = performance.now() - from
  const calls = ((await callsTo(colony)) - before) / people.length
  const [first] = people
  const seen = (await first?.chat('shop_bot').messages()) ?? []
  const linkedTwice = seen.filter(({ text }) => text?.startsWith('Welcome!')).length > 1
  if (linkedTwice) throw new Error('Somebody was greeted twice')
  return { took, inAll, calls, messages: seen.filter(({ outgoing }) => !outgoing).length }
}

async function callsTo(colony: Colony): Promise<number> {
  const counters: Record<string, Record<string, number>> = await colony.directory.call('GET /counters')
  return Object.values(counters)
    .flatMap((outcomes) => Object.values(outcomes))
    .reduce((sum, count) => sum + count, 0)
}
