import { startColony } from '../chat-test.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Person, phonePrint } from '../models/person.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { percentile } from './stats.ts'
import type { Line } from './table.ts'

const people = 10_000
const rounds = 20

/**
 * One of 10,000 people found in Metabot: from the words that an admin sends to the list that the sandbox has. All in
 * one process.
 */
export async function measureFindUser(): Promise<Line[]> {
  await using colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  const bot = await Bot.named('sandbox', 'shop_bot').orFail()
  await fill(bot)
  const metabot = colony.admin.chat('metabot')
  const lines: Line[] = []
  for (const [by, words] of [
    ['userId', (nth: number) => `user-${nth}`],
    ['proven phone', (nth: number) => `+998 90 ${phoneOf(nth).slice(5)}`],
    ['name', (nth: number) => `Number ${nth}`],
    ['username', (nth: number) => `@nick_${nth}`],
    ['a part that all names have', () => 'body'],
  ] as const) {
    const took: number[] = []
    for (let round = 0; round < rounds; round++) took.push(await find(metabot, words(1000 + round * 401)))
    lines.push({
      what: `one of ${people} users found by ${by}`,
      measured: `p50 ${Math.round(percentile(took, 50))} ms, longest ${Math.round(Math.max(...took))} ms`,
      note: 'aim 300 ms',
    })
  }
  return lines
}

async function find(metabot: PersonChat, words: string): Promise<number> {
  await metabot.sends('/bots')
  await metabot.sees('Shop')
  await metabot.presses(/Shop/)
  await metabot.presses('Users')
  await metabot.presses('Search')
  await metabot.sees('Whom shall I look for?')
  const from = performance.now()
  await metabot.sends(words)
  const { text = '' } = await metabot.sees('found for')
  const took = performance.now() - from
  if (text.startsWith('Nobody')) throw new Error(`Nobody was found for ${words}`)
  return took
}

const phoneOf = (nth: number) => `99890${String(1_000_000 + nth)}`

async function fill({ _id: bot }: BotRecord): Promise<void> {
  const now = Date.now()
  const records = Array.from({ length: people }, (_, nth) => ({
    ...{ bot, personId: 1_000_000 + nth, chat: 1_000_000 + nth, locale: 'en', stopped: null },
    ...{ name: `Somebody Number ${nth}`, username: `nick_${nth}`, userId: `user-${nth}`, soleUserId: `user-${nth}` },
    phonePrint: phonePrint(bot, phoneOf(nth)),
    ...{ linkedAt: new Date(now), firstSeenAt: new Date(now), lastSeenAt: new Date(now - nth * 1000) },
  }))
  await Person.insertMany(records)
}
