import { pino } from 'pino'
import { expect, test } from 'vitest'
import { fleetTimes } from '../fleet/fleet.ts'
import { poll } from '../fleet/intake.ts'
import { Bot } from '../models/bot.ts'
import { Lease } from '../models/lease.ts'
import { Update } from '../models/update.ts'
import { defineScene } from '../rookery.ts'
import { form, inject, type Probe, said, startProbe } from './probe.ts'

const ping = defineScene('ping@1', async (talk) => {
  await talk.say(said, { text: 'pong' })
})
const intake = { firstPauseMs: 20, longestPauseMs: 50, conflictPatienceMs: 200 }
const times = { ...fleetTimes, intake }

test('failing polls do not end the intake', async () => {
  await using probe = await startProbe({ ping }, { times })
  await inject(probe, { fail_share: 1, times: 3, methods: ['getUpdates'] })
  // The poll that is under way brings the first; the next ones fail.
  for (let n = 0; n < 2; n++) {
    await probe.chat.sends('/ping')
    await probe.chat.sees('pong')
  }
})

test('whatever a poll is refused with, but for a dead token, is waited out', async () => {
  const stopping = new AbortController()
  const refusals = [400, 404, 409, 502]
  const failures: number[] = []
  const refusing = async () => {
    const error_code = refusals.shift() ?? 0
    if (error_code === 0) stopping.abort()
    return { ok: false, error_code, description: 'refused' } as const
  }
  await poll(
    {
      poll: refusing,
      store: async () => {},
      onFailure: ({ error_code }) => void failures.push(error_code),
      onAnswer: () => {},
      onConflict: async () => false,
      log: pino({ level: 'silent' }),
      times: intake,
    },
    stopping.signal,
  )
  expect(failures).toEqual([400, 404, 409, 502])
})

test('another poller is borne, and told to the admins when it stays', async () => {
  await using probe = await startProbe({ ping }, { times })
  const rival = new AbortController()
  const rivalling = pollBeside(probe, rival.signal)
  await probe.colony.admin.chat('metabot').sees(/in two places/)
  rival.abort()
  await rivalling
  await probe.chat.sends('/ping')
  await probe.chat.sees('pong')
})

test('what the messenger gives twice is taken once', async () => {
  await using _probe = await startProbe({ ping })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  const event = { eventId: '4711', lane: '1', payload: { update: { update_id: 4711 } } }
  expect(await Update.store(bot._id, [event])).toHaveLength(1)
  expect(await Update.store(bot._id, [event, { ...event, eventId: '4712' }])).toHaveLength(1)
})

test('what another process stored is taken up, the messages of one chat in the messenger’s order', async () => {
  await using probe = await startProbe({ form })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  const { id } = probe.colony.admin.person
  const written = (update_id: number, text: string) => ({
    eventId: String(update_id),
    update: {
      update_id,
      message: {
        message_id: update_id,
        date: 1,
        chat: { id, type: 'private' as const, first_name: 'Alice' },
        from: { id, is_bot: false, first_name: 'Alice' },
        text,
      },
    },
  })
  // Nobody is told of it here, as if it were another process; within a second its ids say nothing of the order.
  await Update.take(bot._id, [written(9002, 'Ann'), written(9001, '/form')])
  await probe.chat.sees('Name?')
  await probe.chat.sees('Phone?')
})

test('a bot that is switched off rests, and takes up what was written meanwhile', async () => {
  await using probe = await startProbe({ ping })
  const bot = await Bot.named('sandbox', 'probe_bot').orFail()
  await Bot.change(bot._id, { switchedOff: true })
  await expect.poll(async () => (await Lease.findById(bot._id).orFail()).until.getTime() < Date.now()).toBe(true)
  await probe.chat.sends('/ping')
  await probe.chat.seesNothing()
  await Bot.change(bot._id, { switchedOff: false })
  await probe.chat.sees('pong')
})

/** Polls with the bot's own token, as a second installation of it would. It confirms nothing. */
async function pollBeside({ colony }: Probe, signal: AbortSignal): Promise<void> {
  const token = Bot.token(await Bot.named('sandbox', 'probe_bot').orFail())
  while (!signal.aborted) {
    await fetch(`${colony.app.sandboxUrl}/bot${token}/getUpdates?timeout=1`, { signal }).catch(() => {})
  }
}
