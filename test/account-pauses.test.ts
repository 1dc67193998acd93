import { afterAll, beforeAll, expect, test } from 'vitest'
import { endPause } from '../acts/pause.ts'
import { endPauseJob } from '../jobs/end-pause.ts'
import { sweep } from '../jobs/sweep.ts'
import { Person } from '../models/person.ts'
import { Silence } from '../models/silence.ts'
import { storeTime } from '../models/store-clock.ts'
import { onePixelPng } from '../sandbox/test/start.ts'
import { log, until } from './delivery-world.ts'
import { type PausesWorld, startPauses } from './pauses-world.ts'

let world: PausesWorld
beforeAll(async () => {
  world = await startPauses()
})
afterAll(() => world.close())

const inMs = (ms: number) => new Date(Date.now() + ms)
const endless = inMs(400 * 86_400_000)

test('row 3, by /pause: told until when, that critical messages still come, that it can end sooner', async () => {
  const { chat, personId } = await world.linked()
  await chat.sends('/pause')
  await chat.presses('1 hour')
  const { text } = await chat.sees('I send you nothing until')
  expect(text).toContain('Only what is critical still comes')
  expect(text).toContain('/resume')
  const { pausedUntil } = await world.recordOf(personId)
  const ms = (pausedUntil?.getTime() ?? 0) - storeTime().getTime()
  expect(Math.round(ms / 60_000)).toBe(60)
})

test.each([
  ['en', '/pause 2 hours', 'I send you nothing until', 2],
  ['ru', '/pause на 3 часа', 'Ничего не присылаю до', 3],
  ['uz', '/pause 4 soat', 'hech narsa yubormayman', 4],
])('row 3, in %s: the length may be typed behind the command', async (language, typed, told, hours) => {
  const { chat, personId } = await world.linked(language)
  await chat.sends(typed)
  await chat.sees(told)
  const { pausedUntil } = await world.recordOf(personId)
  expect(Math.round(((pausedUntil?.getTime() ?? 0) - storeTime().getTime()) / 60_000)).toBe(hours * 60)
})

test('row 3: nonsense, a photo and a sticker are asked again, a typed date counts', async () => {
  const { chat, personId } = await world.linked()
  await chat.sends('/pause')
  await chat.sees('For how long')
  await chat.sends('a little')
  await chat.sees('I do not understand how long')
  await chat.sendsSticker()
  await chat.sees('Please press one of the buttons')
  await chat.sendsPhoto(onePixelPng)
  await chat.sees('Please press one of the buttons')
  await chat.sends('until 2030-01-02 10:00')
  await chat.sees('January 2, 2030 at 10:00')
  expect((await world.recordOf(personId)).pausedUntil?.getUTCFullYear()).toBe(2030)
})

test('row 3, by the system: told the same, once, and a repeat of the call stays silent', async () => {
  const { chat, userId } = await world.linked()
  const params = { userId, until: endless.toISOString() }
  expect(await world.call('users/pause', params)).toEqual({ success: true, pausedUntil: endless.toISOString() })
  await chat.sees('I send you nothing until')
  expect(await world.call('users/pause', params)).toMatchObject({ success: true })
  await chat.seesNothing()
  expect(await world.call('users/pause', { userId, for: '2h' })).toMatchObject({ success: true })
  await chat.sees('I send you nothing until')
})

test.each([
  [{ for: '2 parsecs' }, 'for'],
  [{}, 'until'],
  [{ for: '1h', until: '2030-01-01T00:00:00Z' }, 'until'],
  [{ until: '2020-01-01T00:00:00Z' }, 'until'],
])('row 3: a call with %j is refused and names the field', async (wrong, field) => {
  const { userId } = await world.linked()
  expect(await world.call('users/pause', { userId, ...wrong })).toMatchObject({
    errorCode: 422,
    errors: [{ field }],
  })
})

test.each(['users/pause', 'users/resume'])('%s does not find a user whom nobody is linked to', async (alias) => {
  const params = { userId: 'nobody', ...(alias === 'users/pause' && { for: 'PT1H30M' }) }
  expect(await world.call(alias, params)).toEqual({ success: false, message: 'User not found' })
})

test('a paused person gets what is critical, and the rest is kept and shown as waiting', async () => {
  const { chat, userId } = await world.linked()
  await world.call('users/pause', { userId, for: '1d' })
  await chat.sees('I send you nothing until')
  const { notificationId } = await world.call('notify', { userIds: [userId], text: 'an offer' })
  await world.call('notify', { userIds: [userId], text: 'your card was stolen', critical: true })
  await chat.sees('your card was stolen')
  const status = await until(async () => {
    const { counts, recipients } = await world.call('notifications/status', { notificationId })
    return (recipients as { waiting?: string }[])[0]?.waiting ? { counts, recipients } : undefined
  })
  expect(status).toMatchObject({ counts: { queued: 1 }, recipients: [{ state: 'queued', waiting: 'pause' }] })
  await chat.seesNothing()
})

test('row 4, by hand: greeted, how many waited, a button that gives them merged, the menu, and what the kind asks', async () => {
  const { chat, userId } = await world.linked()
  await chat.sends('/pause 1 hour')
  await chat.sees('I send you nothing until')
  const ids = await Promise.all(
    ['one', 'two < 3', 'three'].map(async (text) => {
      const { notificationId } = await world.call('notify', { userIds: [userId], text })
      return notificationId as string
    }),
  )
  await until(async () => ((await waitingOf(ids)).every((one) => one === 'pause') ? true : undefined))
  await chat.presses('Resume now')
  const { text } = await chat.sees('Good to have you back, Nia! How can I help?')
  expect(text).toContain('3 messages waited for you')
  await chat.sees('Hello, Nia!')
  await chat.sees('How was your last order?')
  await chat.presses('Show them (3)')
  const merged = await chat.sees('3 messages waited for you')
  for (const said of ['one', 'two < 3', 'three']) expect(merged.text).toContain(said)
  await chat.presses(/Back|Language/)
  for (const id of ids)
    expect(await until(async () => sentOf(await world.call('notifications/status', { notificationId: id })))).toBe(1)
})

test('row 4, by the system: greeted the same, and once', async () => {
  const { chat, userId } = await world.linked()
  expect(await world.call('users/resume', { userId })).toEqual({ success: true })
  await chat.seesNothing()
  await world.call('users/pause', { userId, for: '1w' })
  await chat.sees('I send you nothing until')
  expect(await world.call('users/resume', { userId })).toEqual({ success: true })
  const { text } = await chat.sees('Good to have you back')
  expect(text).not.toContain('waited')
  await chat.sees('How was your last order?')
  await world.call('users/resume', { userId })
  await chat.seesNothing()
})

test('row 4, by the job: greeted when the time is over, once, whoever comes to end it', async () => {
  const { chat, userId, personId } = await world.linked()
  const end = inMs(1_500)
  await world.call('users/pause', { userId, until: end.toISOString() })
  await chat.sees('I send you nothing until')
  await chat.sees('Good to have you back')
  await chat.sees('How was your last order?')
  const { bot, pausedUntil } = await world.recordOf(personId)
  expect(pausedUntil).toBeUndefined()
  await Promise.all([
    endPause(bot, personId, end),
    sweep(),
    endPauseJob.run({ bot: String(bot), personId, until: end.toISOString() }, log),
  ])
  await chat.seesNothing()
})

test('row 4: two processes that end one pause at once greet once', async () => {
  const { chat, personId } = await world.linked()
  const { bot } = await world.recordOf(personId)
  const end = inMs(-1_000)
  await Person.updateOne({ bot, personId }, { pausedUntil: end })
  await Promise.all(Array.from({ length: 5 }, () => endPause(bot, personId, end)))
  await chat.sees('Good to have you back')
  await chat.sees('How was your last order?')
  await chat.seesNothing()
})

test('row 4: a crash before the telling is made good by the sweep, a crash after it tells nothing twice', async () => {
  const { chat, personId } = await world.linked()
  const { bot } = await world.recordOf(personId)
  const at = inMs(-60_000)
  await Person.updateOne({ bot, personId }, { silenceNews: { what: 'resumed', at } })
  await chat.sees('Good to have you back')
  await chat.sees('How was your last order?')
  await until(async () => ((await world.recordOf(personId)).silenceNews ? undefined : true))
  await Person.updateOne({ bot, personId }, { silenceNews: { what: 'resumed', at } })
  await until(async () => ((await world.recordOf(personId)).silenceNews ? undefined : true))
  await chat.seesNothing()
})

test('a pause that was moved is not ended by the alarm of the earlier one', async () => {
  const { chat, userId, personId } = await world.linked()
  const early = inMs(500)
  await world.call('users/pause', { userId, until: early.toISOString() })
  await Silence.pause((await world.recordOf(personId)).bot, personId, endless, 0)
  await until(async () => (Date.now() > early.getTime() + 1_500 ? true : undefined))
  expect((await world.recordOf(personId)).pausedUntil).toEqual(endless)
  await chat.sees('I send you nothing until')
})

test('/resume where there is no pause says so', async () => {
  const { chat } = await world.linked()
  await chat.sends('/resume')
  await chat.sees('There is no pause to end')
})

test('notifications are turned off and on in a page, and what waited meanwhile is offered', async () => {
  const { chat, userId } = await world.linked()
  await chat.sends('/start')
  await chat.presses('Notifications')
  await chat.presses('Turn off')
  await chat.sees('Notifications are off')
  const { notificationId } = await world.call('notify', { userIds: [userId], text: 'an offer' })
  await until(async () => ((await waitingOf([notificationId as string]))[0] === 'mute' ? true : undefined))
  await chat.presses('Turn on')
  await chat.sees('1 message waited for you')
  await chat.presses('Show it')
  await chat.sees('an offer')
})

test('quiet hours are set by chatting, with their zone, and ended again', async () => {
  const { chat, personId } = await world.linked()
  await chat.start()
  await chat.presses('Notifications')
  await chat.sees('There are no quiet hours')
  await chat.presses('Quiet hours')
  await chat.sees('In which hours shall nothing disturb you?')
  await chat.sends('all night')
  await chat.sees('Type the hours like')
  await chat.sends('22:00-8:00')
  await chat.sees('By whose clocks?')
  await chat.sends('Atlantis')
  await chat.sees('I do not know this time zone')
  await chat.sends('Tashkent')
  await chat.sees('22:00–08:00 (Asia/Tashkent)')
  expect((await world.recordOf(personId)).quietHours).toEqual({ from: '22:00', to: '08:00', timezone: 'Asia/Tashkent' })
  await chat.presses('Quiet hours')
  await chat.presses('No quiet hours')
  await chat.sees('There are no quiet hours')
  expect((await world.recordOf(personId)).quietHours).toBeUndefined()
})

async function waitingOf(ids: string[]): Promise<(string | undefined)[]> {
  const statuses = await Promise.all(
    ids.map((notificationId) => world.call('notifications/status', { notificationId })),
  )
  return statuses.map(({ recipients }) => (recipients as { waiting?: string }[])[0]?.waiting)
}

function sentOf({ counts }: Record<string, unknown>): number | undefined {
  return (counts as { sent?: number }).sent
}
