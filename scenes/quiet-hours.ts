import { quietHoursIn, setQuietHours, zoneIn } from '../acts/quiet-hours.ts'
import { zoneOfPerson } from '../acts/silence-news.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { Person } from '../models/person.ts'
import { toHeard } from './menus.ts'

const offers = ['22:00–08:00', '23:00–07:00'] as const

export const quietHoursScene = defineScene<CommandArgs>('quiet-hours@1', async (talk) => {
  const none = { value: 'none', label: talk.t('quiet-hours.none') }
  const hours = offers.map((value) => ({ value, label: value }))
  const answer = await talk.chooseOrType('quiet-hours.ask', [...hours, none], {}, ({ text }) => quietHoursIn(text))
  const chosen = 'typed' in answer ? answer.typed : answer.chosen === 'none' ? null : quietHoursIn(answer.chosen)
  const quiet = chosen && { ...chosen, timezone: await askZone(talk) }
  await talk.effect('set', () => setQuietHours(talk.bot.record, talk.person.id, quiet))
  await talk.show(toHeard())
})

async function askZone(talk: Talk): Promise<string> {
  const { record } = talk.bot
  const likely = await talk.effect('zone', async () =>
    zoneOfPerson(record, await Person.of(record._id, talk.person.id)),
  )
  const offered = [...new Set([likely, 'Asia/Tashkent', 'Europe/Moscow', 'UTC'])]
  const options = offered.map((name) => ({ value: name, label: name }))
  const answer = await talk.chooseOrType('quiet-hours.askZone', options, {}, ({ text }) => zoneIn(text))
  return 'typed' in answer ? answer.typed : answer.chosen
}
