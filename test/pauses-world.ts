import { type Colony, startColony } from '../chat-test.ts'
import { Bot } from '../models/bot.ts'
import { Link } from '../models/link.ts'
import { Person } from '../models/person.ts'
import { basics, defineKind, defineSkill, keys, notifications, pauses } from '../rookery.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { caller, makeApiKey } from './by-chat.ts'

const texts = { kind: { name: 'Desk' }, review: 'How was your last order?' }

/** Asks something of whoever has come back. */
const reviews = defineSkill({
  id: 'reviews',
  onReturn: async (talk) => {
    await talk.say('desk.review' as never)
  },
})

const desk = defineKind({
  id: 'desk',
  skills: [reviews, keys, notifications, pauses, basics],
  locales: { en: texts, ru: texts, uz: texts },
})

/** A colony with a bot of a kind that pauses, people who are linked, and a system that calls the bot. */
export async function startPauses() {
  const colony: Colony = await startColony({ kinds: [desk] })
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Desk' })
  const bot = await Bot.findOne({ username: 'shop_bot' }).orFail()
  const call = caller(colony.app, 'shop_bot', await makeApiKey(colony.admin.chat('metabot')))
  let people = 0
  return {
    colony,
    call: call as (alias: string, params: object) => Promise<Record<string, unknown>>,
    recordOf: (personId: number) => Person.of(bot._id, personId).orFail(),
    /** Somebody who has started the bot, and the user whom they are linked to. */
    async linked(language_code = 'en'): Promise<{ chat: PersonChat; personId: number; userId: string }> {
      const userId = `user-${++people}`
      const { person, chat: chatWith } = await colony.person({ first_name: 'Nia', language_code })
      const chat = chatWith('shop_bot')
      await chat.start()
      await chat.sees('Shop')
      await Link.make(bot._id, person.id, userId)
      return { chat, personId: person.id, userId }
    },
    close: () => colony.close(),
  }
}

export type PausesWorld = Awaited<ReturnType<typeof startPauses>>
