import { defineScene } from '../dialogue/scene.ts'
import { toUsers } from './menus.ts'

export const findUserScene = defineScene<{ bot: string }>('find-user@1', async (talk, { bot }) => {
  const search = await talk.ask('find-user.ask')
  await talk.show(toUsers(bot, 0, search))
})
