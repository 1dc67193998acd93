import { countWaiting, hearAgain, mute, showWaiting } from '../../acts/pause.ts'
import { zoneOfPerson } from '../../acts/silence-news.ts'
import { dateInWords } from '../../config/date-in-words.ts'
import { type Button, defineMenu, type Viewer } from '../../dialogue/menu.ts'
import { Person, type PersonRecord } from '../../models/person.ts'
import { storeTime } from '../../models/store-clock.ts'
import { toHeard, toHome, toWaiting } from '../../scenes/menus.ts'
import { pauseScene } from '../../scenes/pause.ts'
import { quietHoursScene } from '../../scenes/quiet-hours.ts'
import { resumeScene } from '../../scenes/resume.ts'

/** Whether and when a person's notifications come; with an argument it turns them off or on first. */
export const heardMenu = defineMenu<string[]>('heard', async (viewer, change) => {
  const { record } = viewer.bot
  if (change === 'mute') await mute(record, viewer.person.id)
  if (change === 'unmute') await hearAgain(record, viewer.person.id, 'mute')
  const person = await Person.of(record._id, viewer.person.id)
  const waiting = await countWaiting(record, viewer.person.id)
  const text = [...stateOf(viewer, person), ...(waiting > 0 ? [viewer.tHtml('heard.waits', { count: waiting })] : [])]
  return { text: text.join('\n\n'), buttons: buttonsOf(viewer, person, waiting) }
})

/** Gives a person what waited for them. */
export const waitingMenu = defineMenu('waiting', async ({ bot, person, t, tHtml }) => {
  const { given, left } = await showWaiting(bot.record, person.id)
  if (given === 0) return { text: tHtml('waiting.none'), buttons: [[{ text: t('common.back'), ...toHome() }]] }
  const rest = left > 0 ? ` ${tHtml('waiting.left', { count: left })}` : ''
  return { text: `${tHtml('waiting.given', { count: given })}${rest}`, buttons: [] }
})

function stateOf({ bot, person: { locale }, tHtml }: Viewer, person: PersonRecord | null): string[] {
  const { quietHours } = person ?? {}
  const until = pausedUntil(person)
  const zone = zoneOfPerson(bot.record, person)
  return [
    tHtml(person?.muted ? 'heard.off' : 'heard.on'),
    ...(until ? [tHtml('heard.pausedUntil', { until: dateInWords(locale, until, zone), zone })] : []),
    quietHours
      ? tHtml('heard.quiet', { from: quietHours.from, to: quietHours.to, zone: quietHours.timezone })
      : tHtml('heard.noQuiet'),
  ]
}

function buttonsOf({ t }: Viewer, person: PersonRecord | null, waiting: number): Button[][] {
  const args = { payload: '' }
  return [
    [
      person?.muted
        ? { text: t('heard.unmute'), menu: toHeard().menu, args: ['unmute'] }
        : { text: t('heard.mute'), menu: toHeard().menu, args: ['mute'] },
      pausedUntil(person)
        ? { text: t('heard.resume'), ...resumeScene.with(args) }
        : { text: t('heard.pause'), ...pauseScene.with(args) },
    ],
    [{ text: t('heard.quietHours'), ...quietHoursScene.with(args) }],
    ...(waiting > 0 ? [[{ text: t('pauses.show', { count: waiting }), ...toWaiting() }]] : []),
    [{ text: t('common.back'), ...toHome() }],
  ]
}

function pausedUntil(person: PersonRecord | null): Date | undefined {
  return person?.pausedUntil && person.pausedUntil > storeTime() ? person.pausedUntil : undefined
}
