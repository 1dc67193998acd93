import { doerOf } from '../../acts/authorise.ts'
import { botHealth, stateOf } from '../../acts/bot-views.ts'
import type { Button, Page, Viewer } from '../../dialogue/menu.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { kindName } from '../../scenes/kind-options.ts'
import {
  toAdmins,
  toBots,
  toChats,
  toDeadUpdates,
  toIntake,
  toLastActs,
  toSchedules,
  toUsers,
} from '../../scenes/menus.ts'
import { renameBotScene } from '../../scenes/rename-bot.ts'
import { replaceTokenScene } from '../../scenes/replace-token.ts'
import { intakeLine } from './intake-words.ts'

/** Who a bot is, how it is, and what can be done with it. */
export async function botCard(viewer: Viewer, id: string): Promise<Page> {
  const health = await botHealth(doerOf(viewer), id)
  return { text: [about(viewer, health), how(viewer, health)].join('\n\n'), buttons: acts(viewer, id, health) }
}

type Health = Awaited<ReturnType<typeof botHealth>>

function about({ person, tHtml }: Viewer, { bot }: Health): string {
  const kind = kindName(bot.kind, person.locale)
  const { name, username, botId, description } = bot
  return [
    tHtml('bot-card.about', { name, username, botId, kind }),
    description && tHtml('bot-card.description', { description }),
  ]
    .filter(Boolean)
    .join('\n')
}

function how(viewer: Viewer, { bot, intake, waitingIn, waitingOut, dead, people }: Health): string {
  const { person, tHtml } = viewer
  const ago = (date: Date) => fromNow(person.locale, date)
  const { lastUpdateAt, lastError, lastErrorAt } = bot
  return [
    tHtml(`bot-card.${stateOf(bot)}`),
    intakeLine(viewer, intake),
    tHtml('bot-card.people', { count: people }),
    lastUpdateAt ? tHtml('bot-card.lastUpdate', { ago: ago(lastUpdateAt) }) : tHtml('bot-card.noUpdate'),
    tHtml('bot-card.waiting', { waitingIn, waitingOut }),
    ...(dead > 0 ? [tHtml('bot-card.dead', { count: dead })] : []),
    ...(lastError && lastErrorAt ? [tHtml('bot-card.lastError', { error: lastError, ago: ago(lastErrorAt) })] : []),
  ].join('\n')
}

function acts({ t }: Viewer, id: string, { bot, dead }: Health): Button[][] {
  const menu = (name: string) => ({ menu: name, args: [id] })
  const replace = { text: t('bot-card.replaceToken'), ...replaceTokenScene.with({ bot: id }) }
  return [
    [
      { text: t('bot-card.users'), ...toUsers(id) },
      { text: t('bot-card.keys'), ...menu('bot.keys') },
    ],
    [
      { text: t('bot-card.scheduled'), ...toSchedules(id) },
      { text: t('bot-card.chats'), ...toChats(id) },
    ],
    [{ text: t('intake.button'), ...toIntake(id) }],
    [
      { text: t('bot-card.check'), ...menu('bot.check') },
      { text: t('bot-card.rename'), ...renameBotScene.with({ bot: id }) },
    ],
    [
      { text: t('bot-card.admins'), ...toAdmins(id) },
      { text: t('bot-card.lastActs'), ...toLastActs(id) },
    ],
    ...(dead > 0 ? [[{ text: t('bot-card.deadUpdates', { count: dead }), ...toDeadUpdates(id) }]] : []),
    [replace],
    [
      bot.switchedOff
        ? { text: t('bot-card.switchOn'), ...menu('bot.on') }
        : { text: t('bot-card.switchOff'), ...menu('bot.off') },
      { text: t('bot-card.remove'), ...menu('bot.remove') },
    ],
    [{ text: t('common.back'), ...toBots() }],
  ]
}
