import { z } from 'zod'
import { answeredId } from './answered-id.ts'

/** How a call names a notification that it made earlier. */
export const notificationName = {
  notificationId: answeredId.optional(),
  reference: z.string().min(1).max(128).optional().describe('Your own name for it; of several the latest counts'),
}

type Names = { notificationId?: string | undefined; reference?: string | undefined }

export const hasOneName = ({ notificationId, reference }: Names) =>
  (notificationId === undefined) !== (reference === undefined)
export const oneName = { path: ['notificationId'], message: 'give either notificationId or reference' }

export function nameOf({ notificationId, reference }: Names): { notificationId: string } | { reference: string } {
  return reference === undefined ? { notificationId: notificationId ?? '' } : { reference }
}
