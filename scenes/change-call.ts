import { doerOf } from '../acts/authorise.ts'
import { changeCall, pathIn, viewDirectory } from '../acts/directory-settings.ts'
import { UserError } from '../config/user-error.ts'
import { defineScene } from '../dialogue/scene.ts'
import { callNames, isOptional, methodsOf } from '../directory/settings.ts'
import { toDirectory } from './menus.ts'

/** How the directory offers one of its calls: by which method and path, or not at all. */
export const changeCallScene = defineScene<{ bot: string; call: string }>('change-call@1', async (talk, args) => {
  const { bot } = args
  const admin = doerOf(talk)
  const { call, path: present } = await talk.effect('present', async () => {
    const name = callNames.find((one) => one === args.call)
    const { settings, own } = await viewDirectory(admin, bot)
    if (!name || !settings || !own) throw new UserError('directory-settings.noneOfItsOwn')
    return { call: name, path: settings.calls[name]?.path }
  })
  const methods = methodsOf(call).map((method) => ({ value: method, label: method }))
  const absent = isOptional(call) ? [{ value: 'absent', label: talk.t('change-call.absent') }] : []
  const what = talk.t(`directory-call.${call}`)
  const method = await talk.choose('change-call.askMethod', [...methods, ...absent], { what })
  const path =
    method === 'absent'
      ? undefined
      : await talk.ask('change-call.askPath', { present: present ?? '/user' }, ({ text }) => pathIn(text))
  await talk.effect('change', () => changeCall(admin, bot, call, path === undefined ? null : { method, path }))
  await talk.say('change-call.done')
  await talk.show(toDirectory(bot))
})
