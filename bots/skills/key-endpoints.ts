import { z } from 'zod'
import { boundKeys } from '../../acts/keys.ts'
import { bindKey } from '../../acts/links.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import { userId } from '../../directory/user-id.ts'

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
    params: z.object({
      key: z.union(
        [z.string().min(1, keyError).max(64, keyError), z.int(keyError).positive(keyError).transform(String)],
        keyError,
      ),
      userId,
      move: z.boolean().default(false).describe('Take the user from the person who has it now'),
    }),
    answer: z.object({ name: z.string(), username: z.string().optional() }),
  },
  async (params, bot, { apiKey }) => {
    const { name, username } = await bindKey({ apiKey: apiKey._id }, String(bot.record._id), params)
    return { name, ...(username ? { username } : {}) }
  },
)

export const listKeys = defineEndpoint(
  'keys/list',
  {
    summary: 'The keys that are connected to a user, and the people who hold them',
    params: z.object({}),
    answer: z.object({ keys: z.array(person) }),
  },
  async (_, bot, { apiKey }) => {
    const bound = await boundKeys({ apiKey: apiKey._id }, String(bot.record._id))
    return {
      keys: bound.map(({ digits, key, person }) => ({
        key: digits,
        userId: key.userId ?? '',
        name: person?.name ?? '',
        username: person?.username ?? undefined,
        locale: person?.locale,
        stopped: Boolean(person?.stopped),
        boundAt: key.boundAt?.toISOString(),
      })),
    }
  },
)
