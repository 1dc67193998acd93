import { tellPersons } from '../delivery/notify.ts'
import type { Actor } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import type { Content } from '../models/notification.ts'
import { metabotKind } from './authorise.ts'

/** Tells persons something by the Metabot of a server, as what one person's act makes it tell another: a delivery. */
export async function tellByMetabot(
  server: string,
  personIds: number[],
  content: Pick<Content, 'text' | 'buttons'>,
  by: Actor,
): Promise<void> {
  const metabot = await Bot.theOne(server, metabotKind)
  if (metabot) await tellPersons(metabot, personIds, { ...content, format: 'html' }, by)
}
