import { z } from 'zod'
import { type BoundKey, boundKeys } from '../../acts/bound-keys.ts'
import { bindKey } from '../../acts/links.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import { userId } from '../../directory/user-id.ts'
import { answeredId } from './answered-id.ts'

const person = z.object({
  key: z.string(),
  userId: z.string(),
  name: z.string(),
  username: z.string().optional(),
  locale: z.string().optional(),
  stopped: z.boolean(),
  boundAt: z.iso.datetime().optional(),
})

const keyError = 'must be a string of 1 to 64 characters or a whole number above 0'

export const assignKey = defineEndpoint(
  'keys/assign',
  {
    summary: 'Connects the person who was given a key to a user; what is so already stays',
    params: z
      .object({
        key: z.union(
          [z.string().min(1, keyError).max(64, keyError), z.int(keyError).positive(keyError).transform(String)],
          keyError,
        ),
        userId,
        move: z.boolean().default(false).describe('Take the user from whoever has it now'),
        add: z
          .boolean()
          .default(false)
          .describe(
            'Let this person have the user beside whoever has it now, where an admin has allowed that for the bot',
          ),
      })
      .refine(({ move, add }) => !(move && add), { path: ['add'], error: 'give move or add, not both' }),
    answer: z.object({ name: z.string(), username: z.string().optional() }),
  },
  async ({ key, userId, move, add }, bot, { apiKey }) => {
    const by = add ? 'adding' : move ? 'moving' : 'binding'
    const { name, username } = await bindKey(
      { apiKey: apiKey._id },
      String(bot.record._id),
      { key, userId, by },
      bot.log,
    )
    return { name, ...(username ? { username } : {}) }
  },
)

const mostKeys = 1000

export const listKeys = defineEndpoint(
  'keys/list',
  {
    summary: 'The keys that are connected to a user, and the people who hold them',
    params: z.object({
      after: answeredId.optional().describe('`next` of the answer before, for the next page'),
      limit: z.int().min(1).max(mostKeys).default(mostKeys),
    }),
    answer: z.object({ keys: z.array(person), next: z.string().optional() }),
  },
  async (page, bot, { apiKey }) => {
    const { keys, next } = await boundKeys({ apiKey: apiKey._id }, bot.record._id, page)
    return { keys: keys.map(shown), ...(next && { next }) }
  },
)

function shown({ digits, key, person }: BoundKey) {
  return {
    key: digits,
    userId: key.userId ?? '',
    name: person?.name ?? '',
    username: person?.username ?? undefined,
    locale: person?.locale,
    stopped: Boolean(person?.stopped),
    boundAt: key.boundAt?.toISOString(),
  }
}
