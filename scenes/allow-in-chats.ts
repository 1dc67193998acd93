import { doerOf, rightsOf } from '../acts/authorise.ts'
import { namedBot } from '../acts/chats.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toChatPolicy } from './menus.ts'

export const allowInChatsScene = defineScene('allow-in-chats@1', async (talk) => {
  const admin = doerOf(talk)
  await talk.effect('may', () => rightsOf(admin))
  const bot = await talk.ask('allow-in-chats.ask', {}, async ({ text }) => String((await namedBot(admin, text))._id))
  await talk.show(toChatPolicy(bot))
})
