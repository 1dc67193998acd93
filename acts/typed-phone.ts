import { UserError } from '../config/user-error.ts'
import { typedPhone } from '../directory/phone.ts'
import { type Admin, authorise } from './authorise.ts'
import { countryOf } from './linking-ways.ts'

/** A number as an admin types it, as digits. @throws UserError when it is none */
export async function phoneIn(admin: Admin, botId: string, typed: string): Promise<string> {
  const phone = typedPhone(typed, countryOf(await authorise(admin, botId, 'admin')))
  if (!phone) throw new UserError('rule.phone')
  return phone
}
