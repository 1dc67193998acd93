import { doerOf } from '../../acts/authorise.ts'
import { type ScheduleView, scheduleOf } from '../../acts/schedules.ts'
import { dateInWords } from '../../config/date-in-words.ts'
import { chooseText } from '../../delivery/compose.ts'
import type { OccurrenceStatus } from '../../delivery/status.ts'
import type { Page, Viewer } from '../../dialogue/menu.ts'
import type { Content } from '../../models/notification.ts'
import { storeTime } from '../../models/store-clock.ts'
import { toSchedules } from '../../scenes/menus.ts'
import { planInWords } from '../../scenes/plan-in-words.ts'
import { whomInWords } from '../../scenes/whom-in-words.ts'

const mostText = 1_000

/** What a bot is to say, when, to whom, on whose behalf, and what became of it lately. */
export async function scheduleCard(viewer: Viewer, bot: string, id: string): Promise<Page> {
  const { t } = viewer
  const view = await scheduleOf(doerOf(viewer), bot, id)
  return {
    text: [about(viewer, view), said(viewer, view.notification.content), ...lately(viewer, view)].join('\n\n'),
    buttons: [
      [
        // The moment tells one press from another: the same one repeated says it no second time.
        { text: t('schedules.now'), menu: 'schedule.now', args: [bot, id, String(storeTime().getTime())] },
        { text: t('schedules.cancel'), menu: 'schedule.cancel', args: [bot, id] },
      ],
      [{ text: t('common.back'), ...toSchedules(bot) }],
    ],
  }
}

/** The words of a notification for somebody who looks at it, cut short. */
export function excerpt({ person: { locale } }: Viewer, { text = '' }: Content, most: number): string {
  const words = chooseText(text, { person: locale, bot: locale })
  return words.length > most ? `${words.slice(0, most).toWellFormed()}…` : words
}

/** By whose clocks the plan is meant. */
function shownZone({ notification: { plan }, zone }: ScheduleView): string {
  return 'cron' in plan ? plan.timezone : zone
}

function about(viewer: Viewer, view: ScheduleView): string {
  const { notification, zone, whom, maker } = view
  const { t, tHtml, person } = viewer
  const { plan, nextAt } = notification
  const recurs = 'cron' in plan
  return [
    tHtml('schedules.when', { when: planInWords(person.locale, plan, zone), zone: shownZone(view) }),
    ...(recurs ? [tHtml('schedules.next', { next: dateInWords(person.locale, nextAt, shownZone(view)) })] : []),
    tHtml('schedules.for', { whom: whomInWords(viewer, whom), maker: maker ?? t('schedules.rookery') }),
  ].join('\n')
}

function said(viewer: Viewer, content: Content): string {
  const text = excerpt(viewer, content, mostText)
  return text ? viewer.tHtml('schedules.text', { text }) : viewer.tHtml('schedules.noText')
}

function lately(viewer: Viewer, view: ScheduleView): string[] {
  const { occurrences } = view
  if (occurrences.length === 0) return []
  const zone = shownZone(view)
  return [[viewer.tHtml('schedules.lately'), ...occurrences.map((one) => occurrenceLine(viewer, one, zone))].join('\n')]
}

function occurrenceLine(
  { tHtml, person }: Viewer,
  { dueAt, counts, missedUntil }: OccurrenceStatus,
  zone: string,
): string {
  const inWords = (date: Date) => dateInWords(person.locale, date, zone)
  if (missedUntil) return tHtml('schedules.missed', { date: inWords(dueAt), until: inWords(missedUntil) })
  const count = Object.values(counts).reduce((sum, some) => sum + some, 0)
  const sent = tHtml('schedules.sent', { count: counts.sent ?? 0 })
  return `${tHtml('schedules.said', { date: inWords(dueAt), count })}, ${sent}`
}
