import { doerOf } from '../acts/authorise.ts'
import { bindKey, matchKey, personOfUser } from '../acts/links.ts'
import { UserError } from '../config/user-error.ts'
import { defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import { userId } from '../directory/user-id.ts'
import { toUser, toUsers } from './menus.ts'

/** `userFirst` asks for the user before the key; `person` is the one whose key it must be. */
export type BindKey = { bot: string; userFirst?: boolean; person?: number }

export const bindKeyScene = defineScene<BindKey>('bind-key@1', async (talk, { bot, userFirst, person }) => {
  const admin = doerOf(talk)
  const early = userFirst ? await askUserId(talk) : undefined
  const found = await talk.ask('bind-key.askKey', {}, async ({ text: key }) => {
    const { personId, name, username } = await matchKey(admin, bot, key)
    if (person && person !== personId) throw new UserError('error.keyOfAnother', { name })
    return { key, personId, name, nick: username ? `@${username}` : '–' }
  })
  const user = early ?? (await askUserId(talk))
  const holder = await talk.effect('holder', () => personOfUser(admin, bot, user))
  const move = holder !== null && holder.personId !== found.personId
  const agreed = move
    ? await moveOrKeep(talk, { ...found, userId: user, holder: holder.name })
    : await confirm(talk, { ...found, userId: user })
  if (!agreed) {
    await talk.say('bind-key.kept')
    await talk.show(toUsers(bot))
    return
  }
  await talk.effect('bind', () => bindKey(admin, bot, { key: found.key, userId: user, move }))
  await talk.say('bind-key.done', { ...found, userId: user })
  await talk.show(toUser(bot, found.personId))
})

function askUserId(talk: Talk): Promise<string> {
  return talk.ask('bind-key.askUserId', {}, ({ text }) => {
    const given = userId.safeParse(text)
    if (!given.success) throw new UserError('error.userIdTooLong')
    return given.data
  })
}

async function confirm(talk: Talk, match: Record<string, unknown>): Promise<boolean> {
  const options = [
    { value: 'yes', label: talk.t('bind-key.connect') },
    { value: 'no', label: talk.t('common.no') },
  ] as const
  return (await talk.choose('bind-key.confirm', options, match)) === 'yes'
}

async function moveOrKeep(talk: Talk, match: Record<string, unknown>): Promise<boolean> {
  const options = [
    { value: 'move', label: talk.t('bind-key.move') },
    { value: 'keep', label: talk.t('bind-key.keep') },
  ] as const
  return (await talk.choose('bind-key.moveOrKeep', options, match)) === 'move'
}
