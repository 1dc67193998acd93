import { doerOf } from '../acts/authorise.ts'
import { capIn, setDailyCap } from '../acts/sms-caps.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toSms } from './menus.ts'

export const smsCapScene = defineScene<{ bot: string }>('sms-cap@1', async (talk, { bot }) => {
  const cap = await talk.ask('sms-cap.ask', {}, ({ text }) => capIn(text))
  await talk.effect('set', () => setDailyCap(doerOf(talk), bot, cap))
  await talk.show(toSms(bot))
})
