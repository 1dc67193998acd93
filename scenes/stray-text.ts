import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import { tokenIn } from './ask-token.ts'
import { toHome, toLostHome } from './menus.ts'

/** Metabot's answer to what nothing else took. A token, pasted where nobody asked for it, must not stay in the chat either. */
export const strayText = defineScene<CommandArgs>('stray-text@1', async (talk) => {
  const { message } = talk.ctx
  // A stale button begins it too.
  if (!message) return talk.show(toHome())
  const { text = '', caption = '', message_id } = message
  if (!tokenIn(`${text}\n${caption}`)) return talk.show(toLostHome())
  const deleted = await talk.forget(message_id)
  await talk.say(deleted ? 'colony.tokenDeleted' : 'colony.tokenStays')
  await talk.show(toHome())
})
