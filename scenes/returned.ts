import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { toHome } from './menus.ts'

/** Who comes back, after a pause or a disconnect, finds the first page, and what the skills have for them. */
export const returnedScene = defineScene<CommandArgs>('returned@1', async (talk) => {
  await talk.show(toHome())
  for (const { onReturn } of talk.bot.skills) await onReturn?.(talk)
})
