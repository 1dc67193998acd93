import { type ChangeOutcome, changeMyAccount, linkedSelf } from '../acts/my-account.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { Talk } from '../dialogue/talk.ts'
import type { AccountData } from '../directory/account-data.ts'
import { accountFields, askField } from './account-fields.ts'
import { askDirectory } from './directory-call.ts'
import { waysFor } from './link.ts'
import { toAccount } from './menus.ts'
import { provePhone } from './prove-phone.ts'

/** Changes one field of the own account where the directory takes changes; a new phone is proved first. */
export const changeDataScene = defineScene<CommandArgs>('change-data@1', async (talk) => {
  await talk.effect('linked', async () => {
    await linkedSelf(talk.bot.record, talk.person.id)
  })
  const ways = await waysFor(talk)
  const offered = [...accountFields, ...(ways.has('contact') || ways.has('sms') ? (['phone'] as const) : [])]
  const field = await talk.choose(
    'change-data.ask',
    offered.map((value) => ({ value, label: talk.t(`account.field.${value}`) })),
  )
  for (;;) {
    const data =
      field === 'phone' ? { phone: await provePhone(talk, ways, 'change-data.askPhone') } : await askField(talk, field)
    if (Object.values(data).every((value) => value === undefined)) return talk.show(toAccount())
    const outcome = await change(talk, data as AccountData)
    if (typeof outcome === 'string') {
      await talk.say(
        `change-data.${outcome === 'not found' ? 'notFound' : outcome === 'not offered' ? 'notOffered' : outcome}`,
      )
      return talk.show(toAccount())
    }
    const { message } = outcome.rejected
    await talk.say(message ? 'register.rejectedWhy' : 'register.rejected', { message })
  }
})

function change(talk: Talk, data: AccountData): Promise<ChangeOutcome> {
  const { bot, person } = talk
  return askDirectory(talk, 'change', (key) => changeMyAccount(bot.record, bot.log, person.id, { data, key }))
}
