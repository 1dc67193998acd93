import { doerOf } from '../acts/authorise.ts'
import { setTimeZone, timeZone } from '../acts/schedules.ts'
import { serverZone } from '../config/time-zone.ts'
import { defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { toSchedules } from './menus.ts'

export const timeZoneScene = defineScene<{ bot: string }>('time-zone@1', async (talk, { bot }) => {
  const zone = await askTimeZone(talk, bot)
  await talk.say('time-zone.done', { zone })
  await talk.show(toSchedules(bot))
})

/** The zone by whose clocks a bot's admins count; asked for until somebody has chosen one. */
export async function timeZoneOf(talk: Talk, bot: string): Promise<string> {
  const { zone, chosen } = await talk.effect('time zone', () => timeZone(doerOf(talk), bot))
  return chosen ? zone : askTimeZone(talk, bot)
}

async function askTimeZone(talk: Talk, bot: string): Promise<string> {
  const admin = doerOf(talk)
  const zone = await talk.effect('server zone', async () => serverZone())
  const offered = [...new Set([zone, 'Asia/Tashkent', 'Europe/Moscow', 'UTC'])]
  const options = offered.map((name) => ({ value: name, label: name }))
  const other = { value: 'other', label: talk.t('time-zone.other') }
  const choice = await talk.choose('time-zone.ask', [...options, other], { zone })
  if (choice === 'other') return talk.ask('time-zone.type', {}, ({ text }) => setTimeZone(admin, bot, text))
  return talk.effect('set time zone', () => setTimeZone(admin, bot, choice))
}
