import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { toHome } from './menus.ts'

/** What a bot says to somebody who has come back, after its greeting: its first page, then what each of its skills wants of them. */
export const returned = defineScene<CommandArgs>('returned@1', async (talk) => {
  await talk.show(toHome())
  for (const { onReturn } of talk.bot.skills) await onReturn?.(talk)
})
