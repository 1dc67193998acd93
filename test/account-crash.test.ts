import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { AccountCrashWorld } from './account-crash-world.ts'
import { codeIn } from './account-world.ts'
import { randomFrom } from './crash-random.ts'

/** `npm run test:account-crash` kills more often. */
const rounds = Number(process.env.ACCOUNT_CRASH_ROUNDS ?? 1)
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
const perTest = { timeout: 120_000 }
const connectBot = 'POST /user/connect-bot'

let world: AccountCrashWorld

beforeAll(async () => {
  world = await AccountCrashWorld.open()
}, 90_000)
beforeEach(() => world.directory.call('DELETE /faults'))
afterAll(() => world?.close())

/** How often the directory carried connect-bot out. */
const connects = async () => {
  const { ok = 0, lost = 0 } = await world.counted(connectBot)
  return ok + lost
}

async function asksForCode(name: string): Promise<{ id: number; userId: string }> {
  const known = await world.known(name)
  const chat = await world.chat(known.id)
  await chat.sends('/link')
  await world.hears(known.id, 'Who are you')
  await chat.sends(known.userId)
  await world.hears(known.id, 'If we know it, a code')
  return known
}

async function typesCode(id: number): Promise<void> {
  const newest = (await world.sms(id)).at(-1) ?? ''
  await (await world.chat(id)).sends(codeIn(newest))
}

test('killed between the SMS and its code: the code that came serves, and no second SMS leaves', perTest, async () => {
  const { id, userId } = await asksForCode('Ann')
  await expect.poll(() => world.sms(id), { timeout: 20_000 }).toHaveLength(1)
  // Between the SMS and the note that it left lies the test below.
  await world.isThrough()
  await world.startAgain()
  await typesCode(id)
  await world.hears(id, `Welcome! You are connected as ${userId}`)
  expect(await world.sms(id)).toHaveLength(1)
  expect(await world.times(id, 'Welcome! You are connected')).toBe(1)
})

test('killed while the SMS is asked for: at most two leave, and the newest code serves', perTest, async () => {
  await world.startAgain('code made')
  const known = await world.known('Bob')
  const chat = await world.chat(known.id)
  await chat.sends('/link')
  await world.hears(known.id, 'Who are you')
  await chat.sends(known.userId)
  await world.reborn()
  await expect.poll(() => world.sms(known.id), { timeout: 45_000 }).not.toEqual([])
  await typesCode(known.id)
  await world.hears(known.id, `Welcome! You are connected as ${known.userId}`)
  expect((await world.sms(known.id)).length).toBeLessThanOrEqual(2)
})

test('killed after connect-bot and before its answer: linked and greeted once', perTest, async () => {
  const { id, userId } = await world.known('Cid')
  const before = await connects()
  await world.directory.call('PUT /faults', { answer: 'lost', calls: [connectBot] })
  const chat = await world.chat(id)
  await chat.sends('/link')
  await chat.presses('Share my phone number')
  await expect.poll(connects, { timeout: 20_000 }).toBeGreaterThan(before)
  await world.kill()
  const lost = (await connects()) - before
  await world.directory.call('DELETE /faults')
  await world.start()
  await world.hears(id, `Welcome! You are connected as ${userId}`)
  await world.hears(id, 'How can I help?')
  expect((await connects()) - before).toBe(lost + 1)
  expect(await world.times(id, 'Welcome! You are connected')).toBe(1)
  expect(await world.sms(id)).toEqual([])
  expect(await world.call('users/find', { userId })).toMatchObject({ success: true })
})

test(
  'a pause that ends while nothing runs: resumed and greeted once, and what waited is shown once',
  perTest,
  async () => {
    const { id, userId } = await world.linked('Dan')
    const until = new Date(Date.now() + 6_000)
    await world.call('users/pause', { userId, until: until.toISOString() })
    await world.holdsBack(userId, ['First parcel', 'Second parcel'])
    await world.hears(id, 'I send you nothing until')
    await world.kill()
    await pause(until.getTime() - Date.now() + 100)
    await world.start()
    await world.hears(id, '2 messages')
    await (await world.chat(id)).presses(/^Show/)
    await world.hears(id, 'First parcel')
    expect(await world.times(id, 'First parcel')).toBe(1)
    expect(await world.times(id, 'Second parcel')).toBe(1)
    expect(await world.times(id, '2 messages waited')).toBe(1)
  },
)

test('killed while "Show them" is carried out: all of it is shown', perTest, async () => {
  await world.startAgain('waiting gathered')
  const { id, userId } = await world.linked('Eve')
  expect(await world.call('users/pause', { userId, for: '1h' })).toMatchObject({ success: true })
  await world.hears(id, 'I send you nothing until')
  await world.holdsBack(userId, ['Third parcel', 'Fourth parcel'])
  await world.call('users/resume', { userId })
  await world.hears(id, '2 messages')
  await (await world.chat(id)).presses(/^Show/).catch(() => undefined)
  await world.reborn()
  await world.hears(id, 'Third parcel')
  await world.hears(id, 'Fourth parcel')
})

test.each([
  ['users/block', { reason: 'Overdue' }, 'person blocked', 'Overdue'],
  ['users/disconnect-bot', {}, 'person parted', 'You are disconnected'],
])('killed between the steps of %s: repeated it tells once, and holds', perTest, async (alias, more, point, told) => {
  await world.startAgain(point)
  const { id, userId } = await world.linked('Fay')
  expect(await world.call(alias, { userId, ...more })).toBeUndefined()
  await world.reborn()
  for (const _ of ['repeat', 'and again'])
    expect(await world.call(alias, { userId, ...more })).toMatchObject({ success: true })
  await world.hears(id, told)
  expect(await world.call('notify', { userIds: [userId], text: 'Not for you' })).not.toMatchObject({ queued: 1 })
  expect(await world.times(id, told)).toBe(1)
  expect(await world.times(id, 'Not for you')).toBe(0)
})

test(`${rounds} kills at any moment of a linking: linked and greeted once`, {
  timeout: 60_000 + rounds * 60_000,
}, async () => {
  process.stdout.write(`Account crash test: ${rounds} kills, CRASH_SEED=${seed}\n`)
  const random = randomFrom(seed)
  for (let round = 0; round < rounds; round++) {
    const { id, userId } = await world.known('Gus')
    const before = await connects()
    await world.directory.call('PUT /faults', { delay_ms: 100 })
    const chat = await world.chat(id)
    await chat.sends('/link')
    await chat.presses('Share my phone number')
    await pause(random() * 600)
    await world.startAgain()
    await world.hears(id, `Welcome! You are connected as ${userId}`)
    await world.hears(id, 'How can I help?')
    expect(await world.times(id, 'Welcome! You are connected'), `round ${round}`).toBe(1)
    expect((await connects()) - before, `round ${round}`).toBeLessThanOrEqual(2)
    expect(await world.sms(id)).toEqual([])
  }
})
