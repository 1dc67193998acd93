import { doerOf } from '../acts/authorise.ts'
import { cronIn, timezoneIn } from '../acts/cron-line.ts'
import { setIntake } from '../acts/intake.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toIntake } from './menus.ts'

export const intakeCronScene = defineScene<{ bot: string }>('intake-cron@1', async (talk, { bot }) => {
  const cron = await talk.ask('intake-cron.ask', {}, ({ text }) => cronIn(text))
  const timezone = await talk.ask('intake-cron.askTimezone', {}, ({ text }) => timezoneIn(text))
  await talk.effect('set', () => setIntake(doerOf(talk), bot, { by: 'cron', cron, timezone }))
  await talk.show(toIntake(bot))
})
