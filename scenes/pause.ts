import { pause } from '../acts/pause.ts'
import { zoneOfPerson } from '../acts/silence-news.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { Talk, TextAnswer } from '../dialogue/talk.ts'
import { setPauseAlarm } from '../jobs/pause-alarm.ts'
import { Person } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { pauseUntil } from './pause-until.ts'
import { attempt } from './refusal.ts'

/** /pause, also with its length behind it: the answer is a delivery, as for every pause. */
export const pauseScene = defineScene<CommandArgs>('pause@1', async (talk, { payload }) => {
  const { record } = talk.bot
  const personId = talk.person.id
  const zone = await talk.effect('zone', async () => zoneOfPerson(record, await Person.of(record._id, personId)))
  const read = ({ text }: Pick<TextAnswer, 'text'>) => pauseUntil(text, { zone, now: storeTime() }).toISOString()
  const given = payload ? await attempt(talk, 'given', async () => read({ text: payload })) : undefined
  const until = given ?? (await ask(talk, zone, read))
  await attempt(talk, 'pause', async () => {
    await pause(record, [personId], new Date(until), { personId })
    await setPauseAlarm(record._id, [personId], new Date(until))
  })
})

/** Words that `pauseUntil` understands. */
const offers = { hour: 'in an hour', tomorrow: 'tomorrow', week: 'in a week' } as const

async function ask(talk: Talk, zone: string, read: (answer: { text: string }) => string): Promise<string> {
  const options = (['hour', 'tomorrow', 'week'] as const).map((value) => ({ value, label: talk.t(`pause.${value}`) }))
  const answer = await talk.chooseOrType('pause.ask', options, { zone }, read)
  if ('typed' in answer) return answer.typed
  return talk.effect('offered', async () => read({ text: offers[answer.chosen] }))
}
