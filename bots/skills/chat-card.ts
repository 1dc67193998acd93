import { doerOf } from '../../acts/authorise.ts'
import { chatOf } from '../../acts/chats.ts'
import type { Button, Page, Viewer } from '../../dialogue/menu.ts'
import type { ChatRecord } from '../../models/chat.ts'
import { fromNow } from '../../scenes/from-now.ts'
import { toChats } from '../../scenes/menus.ts'
import { nameChatScene } from '../../scenes/name-chat.ts'

/** What a bot knows of one of its chats, and what can be done there. */
export async function chatCard(viewer: Viewer, bot: string, id: string): Promise<Page> {
  const chat = await chatOf(doerOf(viewer), bot, Number(id))
  return {
    text: about(viewer, chat),
    buttons: [...acts(viewer, bot, chat), [{ text: viewer.t('common.back'), ...toChats(bot) }]],
  }
}

function about({ tHtml, person }: Viewer, { title, type, state, since, ...chat }: ChatRecord): string {
  const ago = fromNow(person.locale, since)
  return [
    tHtml('chat-card.title', { title }),
    tHtml(type === 'channel' ? 'chat-card.channel' : 'chat-card.group'),
    tHtml(`chat-card.${state}`, { ago }),
    ...(chat.addedBy?.name ? [tHtml('chat-card.addedBy', { name: chat.addedBy.name })] : []),
    ...(state === 'left' && chat.allowed ? [tHtml('chat-card.mayReturn')] : []),
    ...(state === 'in' && chat.administrator ? [tHtml('chat-card.administrator')] : []),
    chat.name ? tHtml('chat-card.name', { name: chat.name }) : tHtml('chat-card.noName'),
  ].join('\n')
}

function acts({ t }: Viewer, bot: string, { chat, state, allowed }: ChatRecord): Button[][] {
  const menu = (name: string) => ({ menu: name, args: [bot, String(chat)] })
  const leave = { text: t('door.leave'), ...menu('chat.leave') }
  const name = { text: t('chat-card.nameIt'), ...nameChatScene.with({ bot, chat }) }
  const allow = { text: t('door.allowThere'), ...menu('chat.allow') }
  if (state === 'waiting') return [[allow, leave], [name]]
  if (state === 'in') return [[name, { text: t('user-card.sendTest'), ...menu('chat.test') }], [leave]]
  return allowed ? [[name]] : [[allow], [name]]
}
