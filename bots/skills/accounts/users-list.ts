import { isValidObjectId } from 'mongoose'
import { z } from 'zod'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { Link } from '../../../models/link.ts'
import { personView, viewOf } from './person-view.ts'

export const usersList = defineEndpoint(
  'users/list',
  {
    summary: 'All who are linked, page by page, in the order in which they first came to the bot',
    params: z
      .strictObject({
        after: z
          .string()
          .refine(isValidObjectId, 'must be the `next` of the page before')
          .optional()
          .describe('The `next` of the page before'),
        limit: z.int().min(1).max(1000).default(100),
      })
      .meta({ examples: [{ limit: 100 }] }),
    answer: z.object({
      persons: z.array(personView),
      next: z.string().optional().describe('There are more: ask again with this as `after`'),
    }),
  },
  async ({ after, limit }, { record: bot }) => {
    const found = await Link.after(bot._id, { after, limit: limit + 1 })
    const persons = found.slice(0, limit)
    const last = found.length > limit ? persons.at(-1) : undefined
    return { persons: persons.map(viewOf), ...(last && { next: String(last._id) }) }
  },
)
