import { doerOf } from '../acts/authorise.ts'
import { removeSms, setSms, viewSms } from '../acts/sms-settings.ts'
import { defineScene } from '../dialogue/scene.ts'
import { askHttpGateway, askTwilio } from './ask-gateway.ts'
import { toSms } from './menus.ts'

/** By whom a bot's SMS leave. */
export const smsGatewayScene = defineScene<{ bot: string }>('sms-gateway@1', async (talk, { bot }) => {
  const admin = doerOf(talk)
  const { inSandbox } = await talk.effect('view', () => viewSms(admin, bot))
  const gateway = await talk.choose('sms-gateway.ask', [
    { value: 'http', label: talk.t('sms-gateway.http') },
    { value: 'twilio', label: 'Twilio' },
    ...(inSandbox ? [{ value: 'sandbox', label: talk.t('sms-gateway.sandbox') } as const] : []),
  ] as const)
  if (gateway === 'sandbox') await talk.effect('remove', () => removeSms(admin, bot))
  else {
    const way =
      gateway === 'http'
        ? ({ gateway, http: await askHttpGateway(talk) } as const)
        : ({ gateway, twilio: await askTwilio(talk) } as const)
    await talk.effect('set', () => setSms(admin, bot, way))
  }
  await talk.say('sms-gateway.done')
  await talk.show(toSms(bot))
})
