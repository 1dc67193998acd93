import { doerOf } from '../../acts/authorise.ts'
import { personOf } from '../../acts/people.ts'
import { t as text } from '../../config/i18n.ts'
import type { Page, Viewer } from '../../dialogue/menu.ts'
import type { PersonRecord } from '../../models/person.ts'
import { storeTime } from '../../models/store-clock.ts'
import { bindKeyScene } from '../../scenes/bind-key.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { toUsers } from '../../scenes/menus.ts'

/** Who a person is to a bot, and what can be done about the link. */
export async function userCard(viewer: Viewer, bot: string, id: string): Promise<Page> {
  const { t, tHtml, person: reader } = viewer
  const person = await personOf(doerOf(viewer), bot, Number(id))
  const ago = (date: Date) => fromNow(reader.locale, date)
  const { name, username, userId, linkedAt, stopped, locale, lastSeenAt } = person
  const lines = [
    tHtml('user-card.who', { name, nick: username ? `@${username}` : '–' }),
    userId && linkedAt ? tHtml('user-card.linked', { userId, ago: ago(linkedAt) }) : tHtml('user-card.notLinked'),
    ...accountLines(viewer, person),
    tHtml('user-card.language', { language: text(locale, 'language.name') }),
    tHtml(`user-card.${stopped ?? 'active'}`),
    ...wishLines(viewer, person),
    tHtml('user-card.lastSeen', { ago: ago(lastSeenAt) }),
  ]
  const link = userId
    ? { text: t('users.unbind'), menu: 'user.unbind', args: [bot, id] }
    : { text: t('user-card.connect'), ...bindKeyScene.with({ bot, person: person.personId }) }
  return {
    text: lines.join('\n'),
    buttons: [
      [{ text: t('user-card.sendTest'), menu: 'user.test', args: [bot, id] }],
      [link],
      [{ text: t('common.back'), ...toUsers(bot) }],
    ],
  }
}

/** What the customer's system says of the account: its role, a block, and the account that was linked before. */
function accountLines({ person: reader, tHtml }: Viewer, person: PersonRecord): string[] {
  const { userId, role, blocked, formerUserId, parted } = person
  const former = parted === 'deleted' ? 'formerDeleted' : parted === 'disconnected' ? 'formerDisconnected' : 'former'
  const block = blocked && { ago: fromNow(reader.locale, blocked.at), reason: blocked.reason }
  return [
    ...(userId && role ? [tHtml('user-card.role', { role })] : []),
    ...(block ? [tHtml(block.reason ? 'user-card.blockedBecause' : 'user-card.blocked', block)] : []),
    ...(formerUserId ? [tHtml(`user-card.${former}`, { userId: formerUserId })] : []),
  ]
}

/** What the person wishes to hear, and when. A pause that is over is none. */
function wishLines({ person: reader, tHtml }: Viewer, { pausedUntil, quietHours, muted }: PersonRecord): string[] {
  const pause = pausedUntil && pausedUntil > storeTime() ? pausedUntil : undefined
  return [
    ...(pause ? [tHtml('user-card.paused', { when: fromNow(reader.locale, pause) })] : []),
    ...(quietHours ? [tHtml('user-card.quietHours', quietHours)] : []),
    ...(muted ? [tHtml('user-card.muted')] : []),
  ]
}
