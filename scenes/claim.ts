import { doerOf } from '../acts/authorise.ts'
import { type Claimed, claim, mayClaim, standing } from '../acts/claim.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { toHome } from './menus.ts'
import { attempt } from './refusal.ts'

/** Before there were invitations; somebody may be in it. */
export const startUninvited = defineScene<CommandArgs>('start-metabot@1', (talk, { payload }) => start(talk, payload))

/** /start in Metabot, with or without the claim code behind it. */
export async function start(talk: Talk, payload: string): Promise<void> {
  const admin = doerOf(talk)
  const claimed = payload ? await attempt(talk, 'claim', () => claim(admin, payload)) : undefined
  if (claimed && claimed !== 'closed') return settle(talk, claimed)
  const where = await talk.effect('standing', () => standing(admin))
  if (where === 'unclaimed') return askForCode(talk)
  await talk.show(toHome())
}

export const claimMetabot = defineScene('claim@1', (talk) => askForCode(talk))

async function askForCode(talk: Talk): Promise<void> {
  const admin = doerOf(talk)
  const may = await talk.effect('may claim', () => mayClaim(admin))
  await settle(talk, may ? await talk.ask('claim.ask', {}, ({ text }) => claim(admin, text)) : 'no tries left')
}

async function settle(talk: Talk, outcome: Claimed): Promise<void> {
  if (outcome === 'no tries left') {
    await talk.say('claim.noTriesLeft')
    return
  }
  if (outcome === 'owner') await talk.say('claim.done', { name: talk.person.name })
  await talk.show(toHome())
}
