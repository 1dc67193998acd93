import { doerOf } from '../acts/authorise.ts'
import { secondsIn, setIntake } from '../acts/intake.ts'
import { defineScene } from '../dialogue/scene.ts'
import { secondsAllowed } from '../models/intake.ts'
import { toIntake } from './menus.ts'

export const intakeSecondsScene = defineScene<{ bot: string }>('intake-seconds@1', async (talk, { bot }) => {
  const seconds = await talk.ask('intake-seconds.ask', secondsAllowed, ({ text }) => secondsIn(text))
  await talk.effect('set', () => setIntake(doerOf(talk), bot, { by: 'seconds', seconds }))
  await talk.show(toIntake(bot))
})
