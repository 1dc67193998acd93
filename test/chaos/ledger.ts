import { MongoClient } from 'mongodb'
import { finalStates } from '../../models/delivery.ts'
import type { Call } from '../crash-caller.ts'
import { type FormFiller, summaryOf } from '../crash-form.ts'
import type { Schedule } from './schedules.ts'
import type { OutboxLine } from './world.ts'

export type Evidence = {
  outbox: OutboxLine[]
  /** The chats to which each text went, as often as it did. */
  arrivals: Map<string, number[]>
  calls: Call[]
  schedules: Schedule[]
  fillers: FormFiller[]
  /** Who is which user. */
  chats: Map<string, number>
  /** Replies and messages that the messenger took without answering. */
  lost: number
  deaths: number
  freezes: number
}

export type Entry = { what: string; count: string; wrong: string[] }

/** What was promised against what arrived; an entry without wrongs holds. */
export async function ledgerOf(evidence: Evidence, storeUri: string): Promise<Entry[]> {
  const store = new MongoClient(storeUri)
  try {
    const deliveries = await store
      .db('rookery')
      .collection('deliveries')
      .find({}, { projection: { notification: 1, state: 1, possibleDuplicates: 1 } })
      .toArray()
    const updates = await store
      .db('rookery')
      .collection('updates')
      .find({ state: { $exists: true } }, { projection: { state: 1, eventId: 1 } })
      .toArray()
    const admitted = new Map<string, number>()
    for (const { notification, possibleDuplicates } of deliveries)
      admitted.set(String(notification), (admitted.get(String(notification)) ?? 0) + possibleDuplicates)
    const states = Map.groupBy(deliveries, ({ state }) => state as (typeof finalStates)[number])
    return [
      callsEntry(evidence),
      duplicatesEntry(evidence, admitted),
      schedulesEntry(evidence),
      formsEntry(evidence),
      repliesEntry(evidence),
      {
        what: 'deliveries, all in a final state',
        count: [...states].map(([state, { length }]) => `${length} ${state}`).join(', '),
        wrong: [...states]
          .filter(([state]) => !finalStates.includes(state))
          .map(([state, { length }]) => `${length} ${state}`),
      },
      {
        what: 'updates left over',
        count: `${updates.length}`,
        wrong: updates.map(({ eventId, state }) => `${eventId} is ${state}`),
      },
    ]
  } finally {
    await store.close()
  }
}

function callsEntry(evidence: Evidence): Entry {
  const acknowledged = evidence.calls.filter(({ notificationId }) => notificationId)
  const strays = evidence.calls.filter(
    (call) => copiesIn(evidence, call) < (evidence.arrivals.get(call.text)?.length ?? 0),
  )
  return {
    what: 'calls acknowledged, each delivered to its own user',
    count: `${acknowledged.length} of ${evidence.calls.length}`,
    wrong: [
      ...acknowledged.filter((call) => copiesIn(evidence, call) === 0).map(({ text }) => `lost: ${text}`),
      ...strays.map(({ text }) => `went to somebody else: ${text}`),
    ],
  }
}

function duplicatesEntry(evidence: Evidence, admitted: Map<string, number>): Entry {
  const acknowledged = evidence.calls.filter(({ notificationId }) => notificationId)
  const twice = acknowledged.filter((call) => copiesIn(evidence, call) > 1)
  const beyond = twice.filter((call) => copiesIn(evidence, call) - 1 > (admitted.get(call.notificationId ?? '') ?? 0))
  const sum = [...admitted.values()].reduce((total, count) => total + count, 0)
  return {
    what: 'calls that arrived more than once, each admitted as a possible duplicate',
    count: `${twice.length}, ${sum} admitted`,
    wrong: beyond.map((call) => `${copiesIn(evidence, call)} copies: ${call.text}`),
  }
}

function schedulesEntry(evidence: Evidence): Entry {
  const { schedules } = evidence
  const due = schedules.reduce((sum, { occurrences }) => sum + occurrences, 0)
  return {
    what: 'schedules, each fired as often as it fell due',
    count: `${schedules.length}, ${due} occurrences`,
    wrong: schedules
      .filter((schedule) => copiesIn(evidence, schedule) < schedule.occurrences)
      .map((schedule) => `${copiesIn(evidence, schedule)} of ${schedule.occurrences}: ${schedule.text}`),
  }
}

function formsEntry({ fillers, outbox }: Evidence): Entry {
  const forms = fillers.flatMap((filler) => filler.forms.map((form) => ({ filler, form })))
  const said = new Set(outbox.map(({ chat_id, text }) => `${chat_id} ${text}`))
  const idle = fillers.filter((filler) => filler.forms.length === 0)
  return {
    what: 'forms, each with its own person’s answers in order',
    count: `${forms.length} by ${fillers.length} people`,
    wrong: [
      ...forms.filter(({ filler, form }) => !said.has(`${filler.id} ${summaryOf(form)}`)).map(({ form }) => form.name),
      ...idle.map(({ id }) => `${id} filled none`),
    ],
  }
}

/** A death or a freeze leaves at most one reply a person in doubt. */
function repliesEntry({ fillers, outbox, lost, deaths, freezes }: Evidence): Entry {
  const ids = new Set(fillers.map(({ id }) => id))
  const said = outbox.filter(({ chat_id }) => ids.has(chat_id)).length
  const twice = said - fillers.reduce((sum, { forms }) => sum + 4 * forms.length, 0)
  const inFlight = lost + (deaths + freezes) * fillers.length
  return {
    what: 'replies said more than once, no more than were in flight',
    count: `${twice}`,
    wrong: twice > inFlight ? [`${twice} of at most ${inFlight}`] : [],
  }
}

/** How often a text came to its own user. */
function copiesIn({ arrivals, chats }: Evidence, { userId, text }: { userId: string; text: string }): number {
  return arrivals.get(text)?.filter((chat) => chat === chats.get(userId)).length ?? 0
}
