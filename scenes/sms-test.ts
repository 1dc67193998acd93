import { doerOf } from '../acts/authorise.ts'
import { troubleText } from '../acts/sms-in-words.ts'
import { testSms } from '../acts/sms-test.ts'
import { phoneIn } from '../acts/typed-phone.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toSms } from './menus.ts'
import { attempt } from './refusal.ts'

/** Sends a few fixed words to a number that an admin types, and says what came of it. */
export const smsTestScene = defineScene<{ bot: string }>('sms-test@1', async (talk, { bot }) => {
  const admin = doerOf(talk)
  const to = await talk.ask('sms-test.ask', {}, ({ text }) => phoneIn(admin, bot, text))
  const outcome = await attempt(talk, 'send', () => testSms(admin, bot, to))
  if (outcome) await talk.say(outcome.sent ? 'sms-test.sent' : troubleText(outcome.reason))
  await talk.show(toSms(bot))
})
