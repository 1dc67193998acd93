import { doerOf } from '../../acts/authorise.ts'
import { personOf } from '../../acts/people.ts'
import { t as text } from '../../config/i18n.ts'
import type { Page, Viewer } from '../../dialogue/menu.ts'
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
    tHtml('user-card.language', { language: text(locale, 'language.name') }),
    tHtml(`user-card.${stopped ?? 'active'}`),
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
