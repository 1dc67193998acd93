import { doerOf } from '../acts/authorise.ts'
import { nameChat } from '../acts/chats.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toChat } from './menus.ts'

export type NameChat = { bot: string; chat: number }

export const nameChatScene = defineScene<NameChat>('name-chat@1', async (talk, { bot, chat }) => {
  await talk.ask('name-chat.ask', {}, ({ text }) => nameChat(doerOf(talk), bot, chat, text))
  await talk.say('name-chat.done')
  await talk.show(toChat(bot, chat))
})
