import { openLink } from '../acts/accept-invitation.ts'
import { doerOf } from '../acts/authorise.ts'
import { invitationCodeIn } from '../acts/invitations.ts'
import { rightInWords } from '../acts/right-in-words.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { start } from './claim.ts'
import { toHome } from './menus.ts'
import { attempt } from './refusal.ts'

/** /start in Metabot, with or without a code behind it: an invitation's, or the claim's. */
export const startMetabot = defineScene<CommandArgs>('start-metabot@2', (talk, { payload }) => {
  const code = invitationCodeIn(payload)
  return code === undefined ? start(talk, payload) : acceptInvitation(talk, code)
})

async function acceptInvitation(talk: Talk, code: string): Promise<void> {
  const { locale, name } = talk.person
  const accepted = await attempt(talk, 'accept', async () => {
    const { role, bots, again } = await openLink(doerOf(talk), code)
    return { right: rightInWords(locale, role, bots), again }
  })
  if (!accepted) return
  if (!accepted.again) await talk.say('invitation.welcome', { name, right: accepted.right })
  await talk.show(toHome())
}
