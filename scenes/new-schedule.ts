import { doerOf } from '../acts/authorise.ts'
import { listPeople } from '../acts/people.ts'
import { audienceOf, checkText, makeSchedule, reach } from '../acts/schedules.ts'
import { dateInWords } from '../config/date-in-words.ts'
import { UserError } from '../config/user-error.ts'
import { nextDate } from '../delivery/plan.ts'
import { defineScene } from '../dialogue/scene.ts'
import type { Talk, TextAnswer } from '../dialogue/talk.ts'
import { setAlarm } from '../jobs/alarm.ts'
import type { NotificationRecord, Plan } from '../models/notification.ts'
import { storeTime } from '../models/store-clock.ts'
import { toSchedule, toSchedules } from './menus.ts'
import { planInWords } from './plan-in-words.ts'
import { attempt } from './refusal.ts'
import { timeZoneOf } from './time-zone.ts'
import { planIn } from './when.ts'
import { whomInWords } from './whom-in-words.ts'

export const newScheduleScene = defineScene<{ bot: string }>('new-schedule@1', async (talk, { bot }) => {
  const admin = doerOf(talk)
  const zone = await timeZoneOf(talk, bot)
  const text = await talk.ask('new-schedule.askText', {}, (answer) => {
    checkText(answer.text)
    return answer.text
  })
  const audience = await askWhom(talk, bot)
  const { plan, next } = await askWhen(talk, zone)
  const whom = await talk.effect('reach', () => reach(admin, bot, audience))
  await talk.say('new-schedule.preview')
  await talk.ctx.api.sendMessage(talk.chat, text)
  const { locale } = talk.person
  const sure = await talk.choose(
    'at' in plan ? 'new-schedule.confirmOnce' : 'new-schedule.confirm',
    [
      { value: 'yes', label: talk.t('new-schedule.schedule') },
      { value: 'no', label: talk.t('common.no') },
    ],
    {
      when: planInWords(locale, planOf(plan), zone),
      next: dateInWords(locale, new Date(next), zone),
      zone,
      whom: whomInWords(talk, whom),
    },
  )
  const id =
    sure === 'yes'
      ? await attempt(talk, 'schedule', async (key) => {
          const order = { text, audience, plan: planOf(plan), wish: `${talk.bot.record._id}:${key}` }
          const made = await makeSchedule(admin, bot, order)
          await setAlarm(made)
          return String(made._id)
        })
      : undefined
  if (id) await talk.say('new-schedule.done')
  else await talk.say('new-schedule.kept')
  await talk.show(id ? toSchedule(bot, id) : toSchedules(bot))
})

async function askWhom(talk: Talk, bot: string): Promise<NotificationRecord['audience']> {
  const options = (['everybody', 'one'] as const).map((value) => ({ value, label: talk.t(`new-schedule.${value}`) }))
  const whom = await talk.choose('new-schedule.askWhom', options)
  if (whom === 'everybody') return { userIds: [], persons: [], everybody: true }
  return talk.ask('new-schedule.askUser', {}, async ({ text }) =>
    audienceOf(await listPeople(doerOf(talk), bot, 0, text), text),
  )
}

/** A plan as a scene records it: its date as ISO 8601. */
type Written = { at: string } | { cron: string; timezone: string }

async function askWhen(talk: Talk, zone: string): Promise<{ plan: Written; next: string }> {
  const offers = (['inAnHour', 'tomorrow', 'workdays', 'other'] as const).map((value) => ({
    value,
    label: talk.t(`new-schedule.${value}`),
  }))
  const type = ({ text }: TextAnswer) => understood(text, zone, storeTime())
  const answer = await talk.chooseOrType('new-schedule.askWhen', offers, {}, type)
  if ('typed' in answer) return answer.typed
  if (answer.chosen === 'other') return talk.ask('new-schedule.typeWhen', { zone }, type)
  const now = await talk.now()
  return understood(talk.t(`new-schedule.${answer.chosen}`), zone, now)
}

/** @throws UserError when the words mean no date to come */
function understood(words: string, zone: string, now: Date): { plan: Written; next: string } {
  const plan = planIn(words, { zone, now })
  if (!plan) throw new UserError('error.whenUnknown')
  const next = nextDate(plan, { after: now })
  if (!next) throw new UserError('error.datePassed')
  return { plan: 'at' in plan ? { at: plan.at.toISOString() } : plan, next: next.toISOString() }
}

function planOf(written: Written): Plan {
  return 'at' in written ? { at: new Date(written.at) } : written
}
