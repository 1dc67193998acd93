import { z } from 'zod'
import { limits } from '../../bot-api/limits.ts'
import { locales } from '../../config/locales.ts'
import { isWellFormed, malformed } from '../../config/well-formed.ts'
import { checkContent } from '../../delivery/check-content.ts'
import { givenUserId } from '../../directory/user-id.ts'
import type { Content } from '../../models/notification.ts'
import { objectionToPlanFields, planFields } from './plan-params.ts'

const perLanguage = `one text, or one per language: {${locales.map((locale) => `"${locale}": "…"`).join(', ')}}`
const sayable = z.string().refine(isWellFormed, malformed)
const localText = z
  .union(
    [
      sayable,
      z
        .partialRecord(z.enum(locales), sayable)
        .refine((texts) => Object.keys(texts).length > 0, 'give at least one language'),
    ],
    { error: `must be ${perLanguage}` },
  )
  .describe('One text for all, or one per language: {"en": "…", "ru": "…"}')

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2048)
const button = z.object({ text: localText, url: z.string().describe('What the button opens') })

const keyError = 'must be 1 to 32 digits, which may have spaces and dashes between them, or a whole number'
const buttonsError = 'must be rows of buttons or one row: [{"text": "…", "url": "https://…"}]'

function isRow(rows: z.output<typeof button>[][] | z.output<typeof button>[]): rows is z.output<typeof button>[] {
  return !Array.isArray(rows[0])
}

/** Digits, also as they are read out: `1234 5678`, `1234-5678`. */
const key = z.union(
  [z.string().regex(/^\s*\d(?:[\s-]*\d){0,31}\s*$/, keyError), z.int(keyError).min(0, keyError)],
  keyError,
)

export const notifyParams = z
  .strictObject({
    userIds: z.array(givenUserId).default([]).describe('Users of your own system; 127 and "127" are one user'),
    keys: z.array(key).default([]).describe('Bound keys; reaches the persons who were given them'),
    chats: z
      .array(z.string().trim().min(1).max(limits.name).refine(isWellFormed, malformed))
      .default([])
      .describe('Groups and channels, by the names that admins gave them in Metabot, in any letter case'),
    text: localText.optional().describe('What to say; with a photo or document it is the caption'),
    format: z.enum(['plain', 'html']).default('plain').describe("`html`: the text is the messenger's HTML"),
    photo: httpUrl.optional().describe('The address of a picture'),
    document: httpUrl.optional().describe('The address of a file'),
    buttons: z
      .union([z.array(z.array(button)), z.array(button)], { error: buttonsError })
      .transform((rows): z.output<typeof button>[][] => (isRow(rows) ? [rows] : rows))
      .optional()
      .describe('Links under the message: rows of buttons, or one row'),
    reference: z
      .string()
      .min(1)
      .max(128)
      .refine(isWellFormed, malformed)
      .optional()
      .describe('Your own name for it, to ask for its status by'),
    ...planFields,
    critical: z
      .boolean()
      .default(false)
      .describe('It also reaches who has paused, wishes for silence, or has quiet hours; for what cannot wait'),
    once: z.boolean().default(false).describe('At most once: what may have arrived is never sent again'),
    dryRun: z.boolean().default(false).describe('Sends nothing, answers who would get it'),
  })
  .superRefine((params, context) => {
    // With an issue in a field the fields are not yet what they are to be.
    if (context.issues.length > 0) return
    if (params.userIds.length + params.keys.length + params.chats.length === 0)
      context.addIssue({ code: 'custom', path: ['userIds'], message: 'give userIds, keys, chats or several of them' })
    for (const { field, message } of checkContent(contentOf(params)))
      context.addIssue({ code: 'custom', path: [field], message })
    const misfit = objectionToPlanFields(params)
    if (misfit) context.addIssue({ code: 'custom', path: [misfit.field], message: misfit.message })
  })
  .meta({ examples: [{ userIds: [127], text: 'Order 42 has shipped' }] })

type Said = Pick<z.output<typeof notifyParams>, 'text' | 'format' | 'photo' | 'document' | 'buttons'>

/** What a call wants said, as notifications keep it. */
export function contentOf({ text, format, photo, document, buttons }: Said): Content {
  return {
    format,
    ...(text !== undefined && { text: text as NonNullable<Content['text']> }),
    ...(photo && { photo }),
    ...(document && { document }),
    ...(buttons && { buttons: buttons as NonNullable<Content['buttons']> }),
  }
}
