import type { z } from 'zod'
import { account } from './account.ts'
import type { Answer } from './exchange.ts'
import { DirectoryFailure } from './failure.ts'
import type { Found } from './find-cache.ts'
import { isRecord } from './respell.ts'
import type { CallName } from './settings.ts'

/** Reads the answer to a find. @throws DirectoryFailure when an account is not told as it must be */
export function foundIn({ status, ok, body }: Answer): Found {
  if (status === 404) return 'not found'
  if (!ok) throw new DirectoryFailure('failed', 'find', { status })
  const accounts = (Array.isArray(body) ? body : [body])
    .filter((one) => !isNothing(one))
    .map((one) => read('find', account, one))
  const [first] = accounts
  if (!first) return 'not found'
  return accounts.every(({ userId }) => userId === first.userId) ? first : 'several'
}

/** Reads what must be there. @throws DirectoryFailure that names the first field which is not, or not in its form */
export function read<Schema extends z.ZodType>(call: CallName, schema: Schema, body: unknown): z.output<Schema> {
  const { success, data, error } = schema.safeParse(body)
  if (success) return data
  throw new DirectoryFailure('missingField', call, { field: String(error.issues[0]?.path[0] ?? 'userId') })
}

/** Whether a directory that answers this says that there is nobody, or nothing. */
function isNothing(body: unknown): boolean {
  if (body === undefined || body === null) return true
  if (Array.isArray(body)) return body.length === 0
  return isRecord(body) && (Object.keys(body).length === 0 || body.success === false)
}
