import { z } from 'zod'
import { createDeepLink } from '../../../acts/deep-links.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'

const minuteMs = 60_000
const dayOfMinutes = 1440

export const linksCreate = defineEndpoint(
  'links/create',
  {
    summary:
      'A link that connects whoever opens it first to a user: show it to that user alone, as a link or as the picture.',
    params: z
      .strictObject({
        userId,
        validForMinutes: z
          .int()
          .min(1)
          .max(30 * dayOfMinutes)
          .default(dayOfMinutes),
      })
      .meta({ examples: [{ userId: 127 }] }),
    answer: z.object({
      url: z.url(),
      qr: z.string().describe('The link as a QR code: a `data:` URL of a PNG'),
      expiresAt: z.iso.datetime(),
    }),
  },
  async ({ userId, validForMinutes }, { record }, { apiKey }) => {
    const wish = { userId, validForMs: validForMinutes * minuteMs, by: { apiKey: apiKey._id } }
    const { url, qr, expiresAt } = await createDeepLink(record, wish)
    return { url, qr, expiresAt: expiresAt.toISOString() }
  },
)
