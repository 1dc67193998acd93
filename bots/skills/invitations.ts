import { doerOf } from '../../acts/authorise.ts'
import { type OpenInvitation, openInvitation, withdrawInvitation } from '../../acts/invitations.ts'
import { nameOf } from '../../acts/names.ts'
import { rightInWords } from '../../acts/right-in-words.ts'
import { type Button, defineMenu, type Menu, type Viewer } from '../../dialogue/menu.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { toAdmins } from '../../scenes/menus.ts'

/** The list it was opened from: of a bot, or (empty) of all. */
type OfInvitation = Menu<[bot: string, id: string]>

/** An open invitation, or an open offer of a bot: what it gives, whose it is, how long it stands. */
export const invitationMenu: OfInvitation = defineMenu('invitation', async (viewer, bot, id) => {
  const { person, t, tHtml, bot: metabot } = viewer
  const { invitation, bots } = await openInvitation(doerOf(viewer), id)
  const { server } = metabot.record
  const { purpose, role, madeBy, to, expiresAt } = invitation
  const giver = await nameOf(server, madeBy)
  const until = fromNow(person.locale, expiresAt)
  const right = rightInWords(person.locale, role, bots)
  const whom = to == null ? t('invitation.byLink') : await nameOf(server, to)
  return {
    text: tHtml(purpose === 'invite' ? 'invitation.about' : 'offer.about', { giver, right, whom, until }),
    buttons: [
      [{ text: t('invitation.withdraw'), ...invitationWithdrawn.with(bot, id) }],
      [{ text: t('common.back'), ...toAdmins(bot) }],
    ],
  }
})

export const invitationWithdrawn: OfInvitation = defineMenu('invitation.end', async (viewer, bot, id) => {
  const { t, tHtml } = viewer
  await withdrawInvitation(doerOf(viewer), id)
  return { text: tHtml('invitation.nowWithdrawn'), buttons: [[{ text: t('common.back'), ...toAdmins(bot) }]] }
})

export function rowOfInvitation({ person }: Viewer, bot: string, { invitation, bots }: OpenInvitation): Button {
  const mark = invitation.purpose === 'invite' ? '✉️' : '🤝'
  const right = rightInWords(person.locale, invitation.role, bots)
  return { text: `${mark} ${right}`, ...invitationMenu.with(bot, String(invitation._id)) }
}
