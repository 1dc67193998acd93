import { doerOf } from '../../acts/authorise.ts'
import { removeSms, type SmsView, viewSms } from '../../acts/sms-settings.ts'
import { type Button, defineMenu, type Menu, type Viewer } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { toBot, toSms } from '../../scenes/menus.ts'
import { smsCapScene } from '../../scenes/sms-cap.ts'
import { smsCountryCapScene } from '../../scenes/sms-country-cap.ts'
import { smsGatewayScene } from '../../scenes/sms-gateway.ts'
import { smsTestScene } from '../../scenes/sms-test.ts'

type OfBot = Menu<[bot: string]>

const page: OfBot = defineMenu('bot.sms', async (viewer, bot) => {
  const view = await viewSms(doerOf(viewer), bot)
  return { text: about(viewer, view), buttons: offers(viewer, bot, view) }
})

const remove: OfBot = defineMenu('bot.sms.remove', async (viewer, bot) => {
  const { t, tHtml } = viewer
  const view = await viewSms(doerOf(viewer), bot)
  return {
    text: `${about(viewer, view)}\n\n${tHtml('sms-settings.confirmRemoval')}`,
    buttons: [[{ text: t('sms-settings.remove'), ...removed.with(bot) }], [{ text: t('common.back'), ...toSms(bot) }]],
  }
})

const removed: OfBot = defineMenu('bot.sms.removed', async (viewer, bot) => {
  await removeSms(doerOf(viewer), bot)
  return { ...(await page.page(viewer, bot)), toast: viewer.t('sms-settings.removed') }
})

/** How a bot's SMS leave, and how many may. */
export const sms = defineSkill({
  id: 'sms',
  scenes: [smsGatewayScene, smsCapScene, smsCountryCapScene, smsTestScene],
  menus: [page, remove, removed],
})

function about(viewer: Viewer, { way, today, caps, usualCap }: SmsView): string {
  const { person, tHtml } = viewer
  const { sent, cap, endsAt } = today
  const countries = Object.entries(caps.prefixes).map(([prefix, most]) =>
    tHtml('sms-settings.country', { prefix, most }),
  )
  return [
    way ? tHtml(`sms-settings.${way.gateway}`, way) : tHtml('sms-settings.absent'),
    tHtml('sms-settings.today', { sent, cap, when: fromNow(person.locale, endsAt) }),
    ...countries,
    tHtml(countries.length > 0 ? 'sms-settings.otherCountries' : 'sms-settings.everyCountry', { most: usualCap }),
  ].join('\n')
}

function offers({ t }: Viewer, bot: string, { way, own }: SmsView): Button[][] {
  return [
    ...(way ? [[{ text: t('sms-settings.test'), ...smsTestScene.with({ bot }) }]] : []),
    [{ text: t(way ? 'sms-settings.setUpAnew' : 'sms-settings.setUp'), ...smsGatewayScene.with({ bot }) }],
    [
      { text: t('sms-settings.cap'), ...smsCapScene.with({ bot }) },
      { text: t('sms-settings.countryCap'), ...smsCountryCapScene.with({ bot }) },
    ],
    ...(own ? [[{ text: t('sms-settings.remove'), ...remove.with(bot) }]] : []),
    [{ text: t('common.back'), ...toBot(bot) }],
  ]
}
