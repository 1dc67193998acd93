import { doerOf } from '../../acts/authorise.ts'
import { allowChat, chatOf, chatsOf, leaveChat, sendTestToChat } from '../../acts/chats.ts'
import { defineMenu } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { allowInChatsScene } from '../../scenes/allow-in-chats.ts'
import { toBot, toChat, toChatPolicy, toChats } from '../../scenes/menus.ts'
import { nameChatScene } from '../../scenes/name-chat.ts'
import { chatCard } from './chat-card.ts'
import { policyMenu, setPolicy } from './chat-policy.ts'
import { list } from './list.ts'

const marks = { in: '🟢', waiting: '⏳', left: '⚪' }

const chatList = defineMenu<string[]>('chats', async (viewer, bot = '', page = '0') => {
  const { t, tHtml } = viewer
  const { chats } = await chatsOf(doerOf(viewer), bot)
  const rows = chats.map(({ chat, state, title, name }) => ({
    text: `${marks[state]} ${title}${name ? ` · ${name}` : ''}`,
    ...toChat(bot, chat),
  }))
  const count = chats.filter(({ state }) => state === 'in').length
  return {
    text: tHtml('chats.list', { count }),
    buttons: [
      ...list(rows, Number(page), (to) => toChats(bot, to)),
      [{ text: t('door.policy'), ...toChatPolicy(bot) }],
      [{ text: t('common.back'), ...toBot(bot) }],
    ],
  }
})

type OfChat = [bot: string, chat: string]

const card = defineMenu<OfChat>('chat', chatCard)

const allow = defineMenu<OfChat>('chat.allow', async (viewer, bot, chat) => {
  await allowChat(doerOf(viewer), bot, Number(chat))
  return { ...(await chatCard(viewer, bot, chat)), toast: viewer.t('chats.allowed') }
})

/** A chat that waits is left at once; one that the bot is in may be missed. */
const leave = defineMenu<OfChat>('chat.leave', async (viewer, bot, chat) => {
  const { t, tHtml } = viewer
  const { state, title } = await chatOf(doerOf(viewer), bot, Number(chat))
  if (state !== 'in') return left.page(viewer, bot, chat)
  return {
    text: tHtml('chats.confirmLeaving', { title }),
    buttons: [
      [{ text: t('door.leave'), ...left.with(bot, chat) }],
      [{ text: t('common.back'), ...toChat(bot, Number(chat)) }],
    ],
  }
})

const left = defineMenu<OfChat>('chat.left', async (viewer, bot, chat) => {
  await leaveChat(doerOf(viewer), bot, Number(chat))
  return { ...(await chatCard(viewer, bot, chat)), toast: viewer.t('chats.left') }
})

const test = defineMenu<OfChat>('chat.test', async (viewer, bot, chat) => {
  await sendTestToChat(doerOf(viewer), bot, Number(chat))
  return { ...(await chatCard(viewer, bot, chat)), toast: viewer.t('users.testSent') }
})

/** The groups and channels of a bot, and whether it may be added to more. */
export const chats = defineSkill({
  id: 'chats',
  scenes: [allowInChatsScene, nameChatScene],
  menus: [chatList, card, allow, leave, left, test, policyMenu, setPolicy],
})
