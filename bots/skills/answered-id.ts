import { z } from 'zod'

/** An id that an answer has named, given back. */
export const answeredId = z.string().regex(/^[0-9a-f]{24}$/i, 'must be an id that was answered before')
