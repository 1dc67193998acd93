import { type AdminEntry, adminOf, adminsOf, owns, removeAdmin } from '../../acts/admins.ts'
import { doerOf } from '../../acts/authorise.ts'
import { openInvitations } from '../../acts/invitations.ts'
import { rightInWords } from '../../acts/right-in-words.ts'
import type { Locale } from '../../config/locales.ts'
import { type Button, defineMenu, type Menu, type Viewer } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { inviteScene } from '../../scenes/invite.ts'
import { toAdmins, toBot, toHome, toLastActs } from '../../scenes/menus.ts'
import { handOverByLink, handOverMenu, handOverOffered, offerAccepted, offerDeclined } from './hand-over.ts'
import { invitationMenu, invitationWithdrawn, rowOfInvitation } from './invitations.ts'
import { list, pageIn } from './list.ts'

/** An empty id of the bot stands for all of the server. */
type OfAdmin = Menu<[bot: string, personId: string]>

const adminList: Menu = defineMenu('admins', async (viewer, bot = '', page = '0') => {
  const { t, tHtml } = viewer
  const admin = doerOf(viewer)
  const { scope, admins } = await adminsOf(admin, bot)
  const owner = await owns(admin, scope)
  const open = owner ? await openInvitations(admin, bot) : []
  const rows = [
    ...admins.map((entry) => rowOf(viewer, bot, entry)),
    ...open.map((one) => rowOfInvitation(viewer, bot, one)),
  ]
  const acts = [
    ...(owner ? [{ text: t('admins.invite'), ...inviteScene.with({ bot }) }] : []),
    ...(owner && scope ? [{ text: t('admins.handOver'), ...handOverMenu.with(bot) }] : []),
    ...(scope ? [] : [{ text: t('bot-card.lastActs'), ...toLastActs('') }]),
  ]
  return {
    text: scope ? tHtml('admins.ofBot', { bot: scope.name }) : tHtml('admins.ofAll'),
    buttons: [
      ...list(rows, pageIn(page), (to) => adminList.with(bot, String(to))),
      ...(acts.length > 0 ? [acts] : []),
      [{ text: t('common.back'), ...(scope ? toBot(bot) : toHome()) }],
    ],
  }
})

const card: OfAdmin = defineMenu('admin', async (viewer, bot, personId) => {
  const { t, tHtml, person } = viewer
  const admin = doerOf(viewer)
  const { scope, entry } = await adminOf(admin, bot, Number(personId))
  const self = entry.personId === admin.personId
  const removable = scope ? entry.rights.some((right) => right.bot) : true
  const may = removable && (self || (await owns(admin, scope)))
  const rights = entry.rights.map(({ role, bot: one }) => rightInWords(person.locale, role, one && [one]))
  return {
    text: tHtml('admins.who', {
      name: entry.name,
      nick: entry.username ? `@${entry.username}` : '–',
      rights: rights.join('\n'),
    }),
    buttons: [
      ...(may ? [[{ text: t(self ? 'admins.leave' : 'admins.remove'), ...confirm.with(bot, personId) }]] : []),
      [{ text: t('common.back'), ...toAdmins(bot) }],
    ],
  }
})

const confirm: OfAdmin = defineMenu('admin.remove', async (viewer, bot, personId) => {
  const { t, tHtml, person } = viewer
  const { scope, entry } = await adminOf(doerOf(viewer), bot, Number(personId))
  const what = person.id === entry.personId ? 'leave' : 'remove'
  const text = scope
    ? tHtml(`admins.${what}BotSure`, { name: entry.name, bot: scope.name })
    : tHtml(`admins.${what}Sure`, { name: entry.name })
  return {
    text,
    buttons: [
      [{ text: t(`admins.${what}`), ...removed.with(bot, personId) }],
      [{ text: t('common.back'), ...card.with(bot, personId) }],
    ],
  }
})

const removed: OfAdmin = defineMenu('admin.removed', async (viewer, bot, personId) => {
  const { t, tHtml, person } = viewer
  const scope = await removeAdmin(doerOf(viewer), bot, Number(personId))
  if (person.id !== Number(personId)) {
    return { ...(await adminList.page(viewer, bot)), toast: t('admins.removed') }
  }
  const text = scope ? tHtml('admins.leftBot', { bot: scope.name }) : tHtml('admins.left')
  return { text, buttons: [[{ text: t('common.back'), ...toHome() }]] }
})

function rowOf({ person }: Viewer, bot: string, { personId, name, rights }: AdminEntry): Button {
  return { text: `${name} · ${shortly(person.locale, rights)}`, ...card.with(bot, String(personId)) }
}

/** All rights of somebody on one button: the right to all bots stands for the rest. */
function shortly(locale: Locale, rights: AdminEntry['rights']): string {
  const all = rights.find(({ bot }) => bot === null)
  const shown = all ? [all] : rights
  return shown.map(({ role, bot }) => rightInWords(locale, role, bot && [bot])).join(', ')
}

/** Who runs what: inviting, removing, handing over. */
export const admins = defineSkill({
  id: 'admins',
  scenes: [inviteScene],
  menus: [
    ...[adminList, card, confirm, removed, invitationMenu, invitationWithdrawn],
    ...[handOverMenu, handOverOffered, handOverByLink, offerAccepted, offerDeclined],
  ],
})
