import { asTyped } from '../config/as-typed.ts'
import type { Logger } from '../config/logger.ts'
import type { Account } from '../directory/account.ts'
import type { Question } from '../directory/account-data.ts'
import { DirectoryFailure } from '../directory/failure.ts'
import { digitsOf, samePhone, typedPhone } from '../directory/phone.ts'
import type { BotRecord } from '../models/bot.ts'
import { directoryOf } from './bot-directory.ts'

/** What a scene has to know of an account that it found: enough to prove it. */
export type FoundAccount = Pick<Account, 'userId' | 'active' | 'role' | 'phone'>
export type Search = FoundAccount | 'nobody' | 'several'

/**
 * What somebody may mean by what they typed or copied, in the order in which it is looked for: an e-mail, a phone, an
 * ID.
 */
export function questionsIn(text: string, country: string | undefined): Question[] {
  const typed = asTyped(text).replace(/[\s,;]+$/, '')
  const email = typed.replace(/^mailto:/i, '').replace(/\.$/, '')
  if (/^\S+@\S+\.\S+$/.test(email)) return [{ email }]
  const phone = typedPhone(typed, country)
  if (!phone) return [{ userId: typed }]
  // A number without a plus may be an ID as well.
  return /^\d+$/.test(typed) ? [{ phone }, { userId: typed }] : [{ phone }]
}

/**
 * The account that the first of these questions finds. All of them are asked, and nothing is remembered: how long it
 * takes must not tell whether
 * there is one. @throws DirectoryFailure
 */
export async function searchAccount(bot: BotRecord, log: Logger, questions: Question[]): Promise<Search> {
  const directory = await directoryOf(bot, log)
  if (!directory) return 'nobody'
  const answered = await Promise.all(
    questions.map(async (question): Promise<Search> => {
      const found = await directory.find(question)
      if (typeof found !== 'object') return found === 'several' ? 'several' : 'nobody'
      directory.forget(found.userId)
      return answers(found, question) ? told(found) : 'nobody'
    }),
  )
  return answered.find((search) => search !== 'nobody') ?? 'nobody'
}

/** The account as the directory has it now, past what is remembered. @throws DirectoryFailure */
export async function freshAccount(bot: BotRecord, log: Logger, userId: string): Promise<Account | undefined> {
  const directory = await directoryOf(bot, log)
  directory?.forget(userId)
  const found = await directory?.find({ userId })
  return typeof found === 'object' && found.userId === userId ? found : undefined
}

/** The account, where the directory tells of it just now: what is nice to know waits for nobody. */
export async function accountOf(bot: BotRecord, log: Logger, userId: string): Promise<Account | undefined> {
  try {
    return await freshAccount(bot, log, userId)
  } catch (error) {
    if (error instanceof DirectoryFailure) return undefined
    throw error
  }
}

/** Whether the directory says that there is no such user; one that does not answer says nothing. */
export async function isGone(bot: BotRecord, log: Logger, userId: string): Promise<boolean> {
  if (!(await directoryOf(bot, log))) return false
  try {
    return (await freshAccount(bot, log, userId)) === undefined
  } catch (error) {
    if (error instanceof DirectoryFailure) return false
    throw error
  }
}

/** A directory may be generous with what it finds; who proves a number must get the account of that number. */
function answers({ userId, email = '', phone = '' }: Account, question: Question): boolean {
  if ('phone' in question) return samePhone(phone, question.phone)
  if ('email' in question) return email.toLowerCase() === question.email.toLowerCase()
  return userId === question.userId
}

function told({ userId, active, role, phone }: Account): FoundAccount {
  return { userId, active, ...(role && { role }), ...(phone && { phone: digitsOf(phone) }) } as FoundAccount
}
