import { doerOf } from '../acts/authorise.ts'
import { bindKey, matchKey, personOfUser } from '../acts/links.ts'
import type { TextKey, TextParams } from '../config/i18n.ts'
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
  const match = { ...found, userId: user, holder: holder?.name }
  const sure = move
    ? await agreed(talk, 'bind-key.moveOrKeep', ['bind-key.move', 'bind-key.keep'], match)
    : await agreed(talk, 'bind-key.confirm', ['bind-key.connect', 'common.no'], match)
  if (!sure) {
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

/** Asks a question of two answers; answers whether it was the first. */
async function agreed(
  talk: Talk,
  key: TextKey,
  [yes, no]: readonly [TextKey, TextKey],
  match: TextParams,
): Promise<boolean> {
  const options = [
    { value: 'yes', label: talk.t(yes) },
    { value: 'no', label: talk.t(no) },
  ] as const
  return (await talk.choose(key, options, match)) === 'yes'
}
