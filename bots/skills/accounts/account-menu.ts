import { missedMessages } from '../../../acts/missed.ts'
import { myAccount, unlinkMyself } from '../../../acts/my-account.ts'
import { forgetMe } from '../../../acts/my-data.ts'
import { defineMenu, type Page, type Viewer } from '../../../dialogue/menu.ts'
import type { Account } from '../../../directory/account.ts'
import { placeInWords } from '../../../scenes/account-fields.ts'
import { changeDataScene } from '../../../scenes/change-data.ts'
import { exportDataScene } from '../../../scenes/export-data.ts'
import { fromNow } from '../../../scenes/from-now.ts'
import { toAccount, toHome, toLanguage } from '../../../scenes/menus.ts'

/** What the bot and the directory know of who is linked, and what can be done about it. */
export const accountMenu = defineMenu('account', async (viewer) => {
  const { bot, person, t, tHtml } = viewer
  const { person: self, account } = await myAccount(bot.record, bot.log, person.id)
  const linked = fromNow(person.locale, self.linkedAt ?? new Date(0))
  const text = [
    tHtml('account.mine', { userId: self.userId, linked }),
    account ? dataOf(viewer, account) : tHtml('account.dataUnknown'),
  ].join('\n\n')
  return {
    text,
    buttons: [
      ...(account ? [[{ text: t('account.change'), ...changeDataScene.with({ payload: '' }) }]] : []),
      [{ text: t('basics.languageButton'), ...toLanguage() }],
      [
        { text: t('account.export'), ...exportDataScene.with({ payload: '' }) },
        { text: t('account.unlink'), ...unlinkAsk.with() },
      ],
      [{ text: t('account.forget'), ...forgetAsk.with() }],
      [{ text: t('common.back'), ...toHome() }],
    ],
  }
})

export const unlinkAsk = defineMenu('account.unlink', (viewer) =>
  confirmation(viewer, viewer.tHtml('account.confirmUnlink'), {
    text: viewer.t('account.unlink'),
    ...unlinked.with(),
  }),
)

export const unlinked = defineMenu('account.unlinked', async ({ bot, person, t, tHtml }) => {
  await unlinkMyself(bot.record, person.id)
  return { text: tHtml('account.unlinked'), buttons: [], toast: t('account.unlinked') }
})

export const forgetAsk = defineMenu('account.forget', (viewer) =>
  confirmation(viewer, viewer.tHtml('account.confirmForget'), {
    text: viewer.t('account.forget'),
    ...forgotten.with(),
  }),
)

export const forgotten = defineMenu('account.forgotten', async ({ bot, person, tHtml }) => {
  await forgetMe(bot.record, person.id)
  return { text: tHtml('account.forgotten'), buttons: [] }
})

/** What did not reach who was away. */
export const meanwhileMenu = defineMenu('meanwhile', async ({ bot, person, t, tHtml }) => {
  const missed = await missedMessages(bot.record, person.id)
  const back = [[{ text: t('common.back'), ...toHome() }]]
  if (missed.length === 0) return { text: tHtml('account.nothingMissed'), buttons: back }
  const lines = missed.map(({ text, at }) => tHtml('account.missedLine', { ago: fromNow(person.locale, at), text }))
  return { text: [tHtml('account.missed', { count: missed.length }), ...lines].join('\n\n'), buttons: back }
})

function dataOf({ tHtml }: Viewer, { firstname, lastname, middlename, role, phone, email, location }: Account): string {
  return tHtml('account.data', {
    name: [firstname, middlename, lastname].filter(Boolean).join(' ') || '–',
    role: role ?? '–',
    phone: phone ? `+${phone}` : '–',
    email: email ?? '–',
    place: placeInWords(location),
  })
}

async function confirmation({ t }: Viewer, text: string, button: Page['buttons'][number][number]): Promise<Page> {
  return { text, buttons: [[button], [{ text: t('common.back'), ...toAccount() }]] }
}
