import { doerOf } from '../../acts/authorise.ts'
import { acceptOffer, declineOffer, heirsOf, offerBot, offerBotByLink } from '../../acts/hand-over.ts'
import { someNames } from '../../acts/some-names.ts'
import { defineMenu, type Menu } from '../../dialogue/menu.ts'
import { toAdmins, toBot, toHome } from '../../scenes/menus.ts'
import { list, pageIn } from './list.ts'

type OfBot = Menu<[bot: string]>
type OfOffer = Menu<[id: string]>

/** Whom an owner may hand a bot over to. A press on a name offers it. */
export const handOverMenu: Menu = defineMenu('hand-over', async (viewer, bot = '', page = '0') => {
  const { t, tHtml } = viewer
  const { bot: record, heirs } = await heirsOf(doerOf(viewer), bot)
  const rows = heirs.map(({ personId, name }) => ({ text: name, ...handOverOffered.with(bot, String(personId)) }))
  return {
    text: tHtml('hand-over.ask', { bot: record.name }),
    buttons: [
      ...list(rows, pageIn(page), (to) => handOverMenu.with(bot, String(to))),
      [{ text: t('hand-over.byLink'), ...handOverByLink.with(bot) }],
      [{ text: t('common.back'), ...toAdmins(bot) }],
    ],
  }
})

export const handOverOffered: Menu<[bot: string, to: string]> = defineMenu('hand-over.to', async (viewer, bot, to) => {
  await offerBot(doerOf(viewer), bot, Number(to))
  const back = { text: viewer.t('common.back'), ...toAdmins(bot) }
  return { text: viewer.tHtml('hand-over.offered'), buttons: [[back]] }
})

export const handOverByLink: OfBot = defineMenu('hand-over.link', async (viewer, bot) => {
  const { link, days } = await offerBotByLink(doerOf(viewer), bot)
  const back = { text: viewer.t('common.back'), ...toAdmins(bot) }
  return { text: viewer.tHtml('hand-over.link', { link, days }), buttons: [[back]] }
})

/** The other's answers, under the message that brought them the offer. */
export const offerAccepted: OfOffer = defineMenu('offer.accept', async (viewer, id) => {
  const { bots } = await acceptOffer(doerOf(viewer), id)
  const cards = (bots ?? []).map((bot) => [{ text: viewer.t('alert.openCard'), ...toBot(String(bot._id)) }])
  return { text: viewer.tHtml('hand-over.accepted', { bot: someNames(bots ?? []) }), buttons: cards }
})

export const offerDeclined: OfOffer = defineMenu('offer.decline', async (viewer, id) => {
  await declineOffer(doerOf(viewer), id)
  return { text: viewer.tHtml('hand-over.declined'), buttons: [[{ text: viewer.t('common.back'), ...toHome() }]] }
})
