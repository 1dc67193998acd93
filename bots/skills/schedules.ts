import { doerOf } from '../../acts/authorise.ts'
import { cancel } from '../../acts/notifications.ts'
import { sayNow, scheduleOf, schedulesOf } from '../../acts/schedules.ts'
import { dateInWords } from '../../config/date-in-words.ts'
import { defineMenu } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { toBot, toSchedule, toSchedules } from '../../scenes/menus.ts'
import { newScheduleScene } from '../../scenes/new-schedule.ts'
import { timeZoneScene } from '../../scenes/time-zone.ts'
import { pager } from './list.ts'
import { excerpt, scheduleCard } from './schedule-card.ts'

const mostOnButton = 30

const scheduleList = defineMenu<string[]>('schedules', async (viewer, bot = '', page = '0') => {
  const { t, tHtml, person } = viewer
  const found = await schedulesOf(doerOf(viewer), bot, Number(page))
  const { zone } = found
  return {
    text: tHtml('schedules.list', { count: found.total, zone }),
    buttons: [
      ...found.schedules.map(({ _id, nextAt, content }) => [
        {
          text: `${dateInWords(person.locale, nextAt, zone)} · ${excerpt(viewer, content, mostOnButton)}`,
          ...toSchedule(bot, String(_id)),
        },
      ]),
      ...pager(found.page, found.pages, (to) => toSchedules(bot, to)),
      [
        { text: t('schedules.new'), ...newScheduleScene.with({ bot }) },
        { text: t('schedules.zone', { zone }), ...timeZoneScene.with({ bot }) },
      ],
      [{ text: t('common.back'), ...toBot(bot) }],
    ],
  }
})

type OfSchedule = [bot: string, id: string]

const card = defineMenu<OfSchedule>('schedule', scheduleCard)

const now = defineMenu<[...OfSchedule, shownAt: string]>('schedule.now', async (viewer, bot, id, shownAt) => {
  await sayNow(doerOf(viewer), bot, { id, shownAt: Number(shownAt) })
  return { ...(await scheduleCard(viewer, bot, id)), toast: viewer.t('schedules.nowDone') }
})

const cancelAsk = defineMenu<OfSchedule>('schedule.cancel', async (viewer, bot, id) => {
  const { t, tHtml } = viewer
  await scheduleOf(doerOf(viewer), bot, id)
  return {
    text: tHtml('schedules.confirmCancelling'),
    buttons: [
      [{ text: t('schedules.cancel'), ...cancelled.with(bot, id) }],
      [{ text: t('common.back'), ...toSchedule(bot, id) }],
    ],
  }
})

const cancelled = defineMenu<OfSchedule>('schedule.cancelled', async (viewer, bot, id) => {
  await cancel(doerOf(viewer), bot, { notificationId: id })
  return { ...(await scheduleList.page(viewer, bot)), toast: viewer.t('schedules.cancelled') }
})

/** What a bot is to say later, or again and again. */
export const schedules = defineSkill({
  id: 'schedules',
  scenes: [newScheduleScene, timeZoneScene],
  menus: [scheduleList, card, now, cancelAsk, cancelled],
})
