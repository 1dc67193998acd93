import type { LinkingWay } from '../acts/linking-ways.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { isLinkedAlready } from './already-linked.ts'
import { finishLink } from './finish-link.ts'
import { byId, search, waysFor } from './link.ts'
import { tellOtherWays } from './other-ways.ts'
import { provePhone } from './prove-phone.ts'
import { fillIn } from './registration-form.ts'

/** Registers a person: the phone is proved before anybody is looked for, so that it tells nobody whom we know. */
export const registerScene = defineScene<CommandArgs>('register@1', async (talk) => {
  if (!(await isLinkedAlready(talk))) await register(talk, await waysFor(talk))
})

async function register(talk: Talk, ways: ReadonlySet<LinkingWay>): Promise<void> {
  if (!ways.has('register')) return tellOtherWays(talk, ways)
  const phone = await provePhone(talk, ways, 'register.askPhone')
  if (!phone) return tellOtherWays(talk, ways)
  const found = await search(talk, [{ phone }])
  if (found === 'several') return byId(talk, ways, phone)
  if (found === 'nobody') return fillIn(talk, phone)
  await talk.say('register.known')
  await finishLink(talk, { userId: found.userId, number: phone })
}
