import { doerOf } from '../../acts/authorise.ts'
import { type IntakeView, setIntake, takeOver, viewIntake } from '../../acts/intake.ts'
import { rowsOf } from '../../dialogue/button-rows.ts'
import { type Button, defineMenu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { intakeCronScene } from '../../scenes/intake-cron.ts'
import { intakeSecondsScene } from '../../scenes/intake-seconds.ts'
import { toBot } from '../../scenes/menus.ts'
import { intakeLine } from './intake-words.ts'

const secondsOffered = [10, 60, 600, 3600]

const page = defineMenu<[bot: string]>('bot.intake', async (viewer, bot) => {
  const view = await viewIntake(doerOf(viewer), bot)
  const { t, tHtml } = viewer
  return {
    text: `${intakeLine(viewer, view)}\n\n${tHtml('intake.ask')}`,
    buttons: [
      ...(view.foreign ? [foreignOffers(viewer, bot)] : []),
      ...offers(viewer, view),
      [{ text: t('common.back'), ...toBot(bot) }],
    ],
  }
})

const polling = defineMenu<[bot: string]>('bot.intake.poll', async (viewer, bot) => {
  await setIntake(doerOf(viewer), bot, { by: 'polling' })
  return done(viewer, bot)
})

const webhook = defineMenu<[bot: string]>('bot.intake.hook', async (viewer, bot) => {
  await setIntake(doerOf(viewer), bot, { by: 'webhook' })
  return done(viewer, bot)
})

const every = defineMenu<[bot: string, seconds: string]>('bot.intake.every', async (viewer, bot, seconds) => {
  await setIntake(doerOf(viewer), bot, { by: 'seconds', seconds: Number(seconds) })
  return done(viewer, bot)
})

const over = defineMenu<[bot: string]>('bot.intake.over', async (viewer, bot) => {
  await takeOver(doerOf(viewer), bot)
  return { ...(await page.page(viewer, bot)), toast: viewer.t('intake.takenOver') }
})

/** How a bot's messages come in. */
export const intake = defineSkill({
  id: 'intake',
  scenes: [intakeSecondsScene, intakeCronScene],
  menus: [page, polling, webhook, every, over],
})

async function done(viewer: Viewer, bot: string): Promise<Page> {
  return { ...(await page.page(viewer, bot)), toast: viewer.t('intake.set') }
}

function foreignOffers({ t }: Viewer, bot: string): Button[] {
  return [
    { text: t('intake.takeOver'), ...over.with(bot) },
    { text: t('intake.leave'), ...toBot(bot) },
  ]
}

/** Every way, the one that holds marked. */
function offers({ t }: Viewer, { bot, plan }: IntakeView): Button[][] {
  const id = String(bot._id)
  const mark = (holds: boolean, button: Button) => (holds ? { ...button, text: `✅ ${button.text}` } : button)
  const spans = secondsOffered.map((seconds) =>
    mark(plan.by === 'seconds' && plan.seconds === seconds, {
      text: t('intake.everySeconds', { count: seconds }),
      ...every.with(id, String(seconds)),
    }),
  )
  const others = plan.by === 'seconds' && !secondsOffered.includes(plan.seconds)
  return [
    [
      mark(plan.by === 'polling', { text: t('intake.usePolling'), ...polling.with(id) }),
      mark(plan.by === 'webhook', { text: t('intake.useWebhook'), ...webhook.with(id) }),
    ],
    ...rowsOf(spans),
    [
      mark(others, { text: t('intake.otherSeconds'), ...intakeSecondsScene.with({ bot: id }) }),
      mark(plan.by === 'cron', { text: t('intake.useCron'), ...intakeCronScene.with({ bot: id }) }),
    ],
  ]
}
