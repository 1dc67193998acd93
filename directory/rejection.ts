import { z } from 'zod'
import { spellings } from './account.ts'
import type { Answer } from './exchange.ts'
import { fieldSpelled } from './respell.ts'

const text = z.string().trim().min(1)

/** How a directory says what is wrong with the data: a field and a message, a list of them, or messages by field. */
export const rejectionBody = z.object({
  success: z.literal(false).optional().catch(undefined),
  message: text.optional().catch(undefined).meta({ description: 'Told to the person as it is' }),
  field: text.optional().catch(undefined).meta({ description: 'Takes the person back to the question about it' }),
  errors: z
    .union([z.array(z.object({ field: text, message: text })), z.record(z.string(), z.union([text, z.array(text)]))])
    .optional()
    .catch(undefined)
    .meta({ description: 'In place of `field` and `message`; the first counts' }),
})
type Errors = z.output<typeof rejectionBody>['errors']

/** The directory did not take the data: the field it speaks of, and its words for the person, which may quote what the person typed. */
export type Rejection = { field?: keyof typeof spellings; message?: string }

const rejecting = new Set([400, 409, 422])
const longestMessage = 300

/** Why the data were not taken, or undefined if the answer does not say so. */
export function rejectionOf({ status, ok, body }: Answer): Rejection | undefined {
  const { data } = rejectionBody.safeParse(body)
  if (!rejecting.has(status) && !(ok && data?.success === false)) return undefined
  const said = data?.field === undefined ? { message: data?.message, ...firstOf(data?.errors) } : data
  const field = fieldSpelled(spellings, said.field?.split('.')[0] ?? '')
  return { ...(field && { field }), ...(said.message && { message: said.message.slice(0, longestMessage) }) }
}

function firstOf(errors: Errors): { field?: string; message?: string } {
  if (Array.isArray(errors)) return errors[0] ?? {}
  const [first] = Object.entries(errors ?? {})
  if (!first) return {}
  const [message] = [first[1]].flat()
  return { field: first[0], ...(message && { message }) }
}
