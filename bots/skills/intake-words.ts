import type { IntakeView } from '../../acts/intake.ts'
import type { Viewer } from '../../dialogue/menu.ts'
import type { BotRecord } from '../../models/bot.ts'
import { isSchedule, nextLook, planOf } from '../../models/intake.ts'
import { storeTime } from '../../models/store-clock.ts'
import { fromNow } from '../../scenes/from-now.ts'

const dayMs = 86_400_000

/** How a bot's messages come in, for its admins. */
export function intakeLine({ person, t, tHtml }: Viewer, { bot, plan, missing, foreign }: IntakeView): string {
  if (foreign) return tHtml('intake.foreign', { origin: foreign })
  if (missing) return tHtml('intake.webhookRests', { why: t(missing) })
  if (!isSchedule(plan)) return tHtml(`intake.${plan.by}`)
  const at = nextLook(plan, bot._id)
  const next = fromNow(person.locale, at)
  if (plan.by === 'seconds') return tHtml('intake.seconds', { count: plan.seconds, next })
  const line = tHtml('intake.cron', { cron: plan.cron, timezone: plan.timezone, next })
  return nextLook(plan, bot._id, at).getTime() - at.getTime() > dayMs ? `${line}\n${tHtml('intake.tooSeldom')}` : line
}

/** What people must know of a bot that is read on a schedule: within how many seconds it answers. */
export function patienceLine({ person, tHtml }: Viewer, bot: BotRecord, now = storeTime()): string | undefined {
  const plan = planOf(bot)
  if (plan.by === 'seconds') return tHtml('basics.readEvery', { count: plan.seconds })
  if (plan.by !== 'cron') return undefined
  const next = nextLook(plan, bot._id, now)
  const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: plan.timezone } as const
  const when = new Intl.DateTimeFormat(person.locale, style).format(next)
  const count = Math.ceil((next.getTime() - now.getTime()) / 1000)
  return tHtml('basics.readAt', { when, timezone: plan.timezone, count })
}
