import { doerOf } from '../acts/authorise.ts'
import { capIn, prefixIn, setCountryCap } from '../acts/sms-caps.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toSms } from './menus.ts'

export const smsCountryCapScene = defineScene<{ bot: string }>('sms-country-cap@1', async (talk, { bot }) => {
  const prefix = await talk.ask('sms-country-cap.ask', {}, ({ text }) => prefixIn(text))
  const usual = { value: 'usual', label: talk.t('sms-country-cap.usual') }
  const given = await talk.chooseOrType('sms-country-cap.askCap', [usual], { prefix }, ({ text }) => capIn(text))
  const cap = 'typed' in given ? given.typed : undefined
  await talk.effect('set', () => setCountryCap(doerOf(talk), bot, prefix, cap))
  await talk.show(toSms(bot))
})
