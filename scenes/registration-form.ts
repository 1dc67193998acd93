import { registerAccount } from '../acts/register-account.ts'
import type { Talk } from '../dialogue/talk.ts'
import type { AccountData } from '../directory/account-data.ts'
import { plainRole } from '../models/person.ts'
import { type AccountField, accountFields, askField, inWords } from './account-fields.ts'
import { askDirectory } from './directory-call.ts'
import { finishLink } from './finish-link.ts'

/** Asks for what a new account needs, has it read back and corrected, and sends it. The phone is proven. */
export async function fillIn(talk: Talk, phone: string): Promise<void> {
  let draft: AccountData = { phone, role: plainRole }
  for (const field of accountFields) draft = { ...draft, ...(await askField(talk, field)) }
  for (;;) {
    draft = await correct(talk, draft)
    const answer = await askDirectory(talk, 'register', (key) =>
      registerAccount(talk.bot.record, talk.bot.log, draft, key),
    )
    if ('userId' in answer) return finishLink(talk, { userId: answer.userId, phone })
    draft = await mend(talk, draft, answer.rejected)
  }
}

/** Reads the draft back until it may be sent. */
async function correct(talk: Talk, draft: AccountData): Promise<AccountData> {
  for (let form = draft; ; ) {
    const fields = (['phone', ...accountFields] as const).map((field) => [field, inWords(form, field)])
    const next = await talk.choose(
      'register.summary',
      [
        { value: 'send', label: talk.t('register.send') },
        { value: 'correct', label: talk.t('register.correct') },
      ],
      Object.fromEntries(fields),
    )
    if (next === 'send') return form
    form = await askAgain(talk, form, await chooseField(talk))
  }
}

/** The system did not take it: back to what it names. */
async function mend(
  talk: Talk,
  draft: AccountData,
  { field, message }: { field?: string | undefined; message?: string | undefined },
): Promise<AccountData> {
  await talk.say(message ? 'register.rejectedWhy' : 'register.rejected', { message })
  const named = accountFields.find((one) => one === field)
  return askAgain(talk, draft, named ?? (await chooseField(talk)))
}

async function askAgain(talk: Talk, draft: AccountData, field: AccountField): Promise<AccountData> {
  const { [field]: _, ...rest } = draft
  return { ...rest, ...(await askField(talk, field)) }
}

export function chooseField(talk: Talk): Promise<AccountField> {
  const options = accountFields.map((field) => ({ value: field, label: talk.t(`account.field.${field}`) }))
  return talk.choose('register.whatToCorrect', options)
}
