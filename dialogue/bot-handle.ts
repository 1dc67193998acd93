import { type TextKey, type TextParams, t } from '../config/i18n.ts'
import { type Locale, localeOf, locales } from '../config/locales.ts'
import type { Logger } from '../config/logger.ts'
import { notifyUser } from '../delivery/notify.ts'
import type { BotRecord } from '../models/bot.ts'
import type { Content } from '../models/notification.ts'
import type { Kind, RoleMenus } from './kind.ts'
import type { Skill } from './skill.ts'

/** A bot as skills see it: its record as it was when the update or call began, and what it can do for them. */
export type BotHandle = {
  readonly record: BotRecord
  readonly log: Logger
  /** What its kind is made of. */
  readonly skills: readonly Skill[]
  readonly roles: RoleMenus
  /** A text in every language, for `notify`: each person gets their own. */
  t(key: TextKey, params?: TextParams): Record<Locale, string>
  /** A text in the bot's own language. */
  tOwn(key: TextKey, params?: TextParams): string
  /**
   * Tells everybody who is linked to a user of the directory something, as a delivery: now, in order, surviving
   * restarts.
   */
  notify(userId: string, content: Content): Promise<{ notificationId: string; queued: number }>
}

/** The handle of a bot whose record may be replaced while it runs. */
export function botHandle(current: () => BotRecord, { skills, roles }: Kind, log: Logger): BotHandle {
  return {
    get record() {
      return current()
    },
    log,
    skills,
    roles,
    t: (key, params) =>
      Object.fromEntries(locales.map((locale) => [locale, t(locale, key, params)])) as Record<Locale, string>,
    tOwn: (key, params) => t(localeOf(current().locale) ?? 'en', key, params),
    notify: (userId, content) => notifyUser(current(), userId, content),
  }
}
