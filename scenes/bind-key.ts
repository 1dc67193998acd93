import { doerOf } from '../acts/authorise.ts'
import { bindKey, holdersOfUser, matchKey } from '../acts/links.ts'
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
    return { key, personId, name, nick: username ? ` (@${username})` : '' }
  })
  const user = early ?? (await askUserId(talk))
  const holder = await talk.effect('holder', () => holdersOfUser(admin, bot, { userId: user, but: found.personId }))
  const others = holder && holder.personId !== found.personId ? holder : undefined
  const answer = await confirm(talk, { ...found, userId: user, holder: others?.name }, others)
  if (answer === 'no') {
    await talk.say('bind-key.kept')
    await talk.show(toUsers(bot))
    return
  }
  const by = answer === 'add' ? 'adding' : others ? 'moving' : 'binding'
  await talk.effect('bind', () => bindKey(admin, bot, { key: found.key, userId: user, by }, talk.bot.log))
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

/** Whether to connect; a user who has others already may be moved (`yes`) and, where the bot allows it, shared. */
function confirm(
  talk: Talk,
  match: TextParams,
  others: { mayAdd: boolean } | undefined,
): Promise<'yes' | 'add' | 'no'> {
  const [key, yes, no]: readonly [TextKey, TextKey, TextKey] = !others
    ? ['bind-key.confirm', 'bind-key.connect', 'common.no']
    : [others.mayAdd ? 'bind-key.moveAddOrKeep' : 'bind-key.moveOrKeep', 'bind-key.move', 'bind-key.keep']
  const options = [
    { value: 'yes', label: talk.t(yes) },
    ...(others?.mayAdd ? [{ value: 'add', label: talk.t('bind-key.add') } as const] : []),
    { value: 'no', label: talk.t(no) },
  ] as const
  return talk.choose(key, options, match)
}
