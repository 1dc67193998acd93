import { tellPersonsOnce } from '../delivery/notify.ts'
import type { BotRecord } from '../models/bot.ts'
import type { SceneCall } from '../models/callback-data.ts'
import type { Content } from '../models/notification.ts'
import type { PersonRecord } from '../models/person.ts'

/** The scene that shows the bot's first page, which follows the person's role, and the one for who comes back. */
export const toFirstPage = { scene: 'home@1', args: { payload: '' } }
export const toReturned = { scene: 'returned@1', args: { payload: '' } }

/** What a person is told of the own account, and the scene that follows. */
export type Tidings = Pick<Content, 'text' | 'buttons'> & { next?: SceneCall }

/** Tells it as a delivery, written once for each wish. */
export function tellOnce(
  bot: BotRecord,
  { personId }: Pick<PersonRecord, 'personId'>,
  { next, ...content }: Tidings,
  wish: string,
): Promise<void> {
  // biome-ignore lint/suspicious/noThenProperty: the design's word for the scene that follows
  return tellPersonsOnce(bot, [personId], { ...content, format: 'html', ...(next && { then: next }) }, wish)
}
