import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Code } from '../models/code.ts'
import { Errand } from '../models/errand.ts'
import { Person } from '../models/person.ts'
import type { PersonClient } from '../sandbox/person.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { type AccountWorld, codeIn, payloadOf, startAccountWorld } from './account-world.ts'

/** `npm run test:flood` asks for 10,000. */
const floods = Number(process.env.SMS_REQUESTS ?? 500)

let world: AccountWorld
let bot: BotRecord

beforeAll(async () => {
  world = await startAccountWorld()
  bot = await Bot.named('sandbox', 'helper_bot').orFail()
})
afterEach(async () => {
  await world.directory.call('DELETE /faults')
})
afterAll(() => world.close())

const chatOf = (person: PersonClient) => person.chat('helper_bot')
const recordOf = ({ person }: PersonClient) => Person.of(bot._id, person.id)
const connects = async () => (await world.counted())['POST /user/connect-bot']?.ok ?? 0
/** How often a person was greeted as linked. */
const greetings = async (chat: PersonChat) =>
  (await chat.messages()).filter(({ text }) => text?.startsWith('Welcome! You are connected')).length

/** Types the own ID and waits for the question for the code. */
async function asksForCode(person: PersonClient, userId: string): Promise<PersonChat> {
  const chat = chatOf(person)
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sends(userId)
  await chat.sees('If we know it')
  return chat
}

test.each([
  ['is slow', { delay_ms: 3_000 }],
  ['answers 500', { status: 500 }],
  ['answers HTML', { answer: 'html' }],
  ['cuts the connection', { answer: 'drop' }],
])(
  'a directory that %s is told of as such, nothing typed is lost, and trying again goes on',
  async (_, fault) => {
    const { person, userId } = await world.known('Ann')
    const chat = chatOf(person)
    await chat.sends('/link')
    await chat.sees('Who are you')
    await world.directory.call('PUT /faults', fault)
    await chat.sends(userId)
    await chat.sees('does not answer just now. Nothing that you typed is lost.', { within: 40_000 })
    await world.directory.call('DELETE /faults')
    await chat.presses('Try again')
    await chat.sees('If we know it')
    await chat.sends(codeIn((await person.phone.receives(/code/)).text))
    await chat.sees(`Welcome! You are connected as ${userId}`)
    expect(await person.sms()).toHaveLength(1)
  },
  120_000,
)

test('nonsense, a sticker and a photo at each question are asked again', async () => {
  const { person, userId } = await world.known('Bob')
  const chat = chatOf(person)
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sendsSticker()
  await chat.sees('Please answer with a text, or share your own contact')
  await chat.sends('x'.repeat(201))
  await chat.sees('This is too long')
  await chat.sends(userId)
  await chat.sees('If we know it')
  await chat.sendsPhoto(onePixel)
  await chat.sees('Please press one of the buttons')
  await chat.sends('what code?')
  await chat.sees('The code has six digits')
  await chat.sends(codeIn((await person.phone.receives(/code/)).text))
  await chat.sees(`You are connected as ${userId}`)
})

test('of two persons who link one account at once one has it in the end, and the other was told', async () => {
  const { person, userId } = await world.known('Cid')
  const other = await world.colony.person({ first_name: 'Clone', language_code: 'en' })
  const { url } = (await world.call('links/create', { userId })) as { url: string }
  const chats = [chatOf(person), chatOf(other)] as const
  await chats[0].sends('/link')
  await chats[0].sees('Who are you')
  await Promise.all([chats[0].presses('Share my phone number'), chats[1].start(payloadOf(url))])
  for (const chat of chats) await chat.sees(`Welcome! You are connected as ${userId}`)
  const linked = await Person.ofUsers(bot._id, [userId])
  expect(linked).toHaveLength(1)
  const loser = linked[0]?.personId === person.person.id ? chats[1] : chats[0]
  await loser.sees('Somebody has proved to be')
})

test('who is linked already is told so, and a double press greets once', async () => {
  const { person, userId } = await world.known('Dan')
  const chat = chatOf(person)
  await chat.sends('/link')
  await chat.sees('Who are you')
  await Promise.all([chat.sendsContact(), chat.sendsContact()])
  await chat.sees(`Welcome! You are connected as ${userId}`)
  await chat.sends('/link')
  await chat.sees(`You are connected already, as ${userId}`)
  expect(await greetings(chat)).toBe(1)
})

test('an account that is deleted, or changes its phone, during the scene is not linked', async () => {
  const gone = await world.known('Eve')
  const chat = await asksForCode(gone.person, gone.userId)
  await world.directory.call('POST /admin/person/delete', { userId: gone.userId })
  await chat.sends(codeIn((await gone.person.phone.receives(/code/)).text))
  await chat.sees('This account does not exist any more, or it was changed meanwhile. Please begin anew: /link')
  const moved = await world.known('Fay')
  const other = await asksForCode(moved.person, moved.userId)
  await world.directory.call('PATCH /admin/person', { userId: moved.userId, phone: '998900000001' })
  await other.sends(codeIn((await moved.person.phone.receives(/code/)).text))
  await other.sees('it was changed meanwhile')
  for (const { person } of [gone, moved]) expect((await recordOf(person))?.userId).toBeUndefined()
})

test('an account that is blocked during the scene is not linked', async () => {
  const { person, userId } = await world.known('Gus')
  const chat = await asksForCode(person, userId)
  await world.directory.call('POST /admin/person/block', { userId })
  await chat.sends(codeIn((await person.phone.receives(/code/)).text))
  await chat.sees('this account is blocked. Please ask the company.')
  expect((await recordOf(person))?.userId).toBeUndefined()
})

test('an answer of connect-bot that is lost holds the link back, and it is made once', async () => {
  const { person, userId } = await world.known('Hal')
  const chat = chatOf(person)
  await chat.sends('/link')
  await chat.sees('Who are you')
  await world.directory.call('PUT /faults', { answer: 'lost', calls: ['POST /user/connect-bot'] })
  await chat.presses('Share my phone number')
  await chat.sees('your connection is being finished', { within: 40_000 })
  expect(await Errand.connectingTo(bot._id, userId)).toHaveLength(1)
  // The system calls back while the link is being made: that greets nobody.
  expect(await world.call('users/connect-bot', { userId })).toEqual({ success: true })
  await world.directory.call('DELETE /faults')
  await chat.sees(`Welcome! You are connected as ${userId}`, { within: 60_000 })
  await chat.sees('How can I help?')
  expect(await world.call('users/connect-bot', { userId })).toEqual({ success: true })
  await chat.seesNothing({ for: 1_500 })
  expect(await greetings(chat)).toBe(1)
}, 120_000)

test('a code that was replaced, used or tried too often is told apart, and each refusal says what to do next', async () => {
  const { person, userId } = await world.known('Ida')
  const chat = await asksForCode(person, userId)
  const right = codeIn((await person.phone.receives(/code/)).text)
  const wrong = right.replace(/./g, (digit) => String((Number(digit) + 1) % 10))
  await chat.presses('Send a new code')
  await chat.sees(/A new code can be sent in \d+ seconds.*still valid/)
  for (const left of [4, 3, 2, 1]) {
    await chat.sends(wrong)
    await chat.sees(`You have ${left} tr`)
  }
  await chat.sends(wrong)
  await chat.sees('There were too many wrong tries')
  await chat.presses('Another way')
  await chat.sees('Who are you')
  expect(await person.sms()).toHaveLength(1)
  expect((await recordOf(person))?.userId).toBeUndefined()
})

test('1,000 guesses from 200 chats link nobody', async () => {
  const guessers = Array.from({ length: 200 }, (_, index) => 5_000_000 + index)
  const rights = await Promise.all(
    guessers.map(async (personId) => {
      const asked = { bot: bot._id, personId, requestId: `guess-${personId}` }
      const issued = await Code.request({ ...asked, words: 'account:102', number: '998900000002' })
      const answers = await Promise.all(
        [1, 2, 3, 4, 5].map((guess) => Code.consume(asked, String(100_000 + guess), `answer-${guess}`)),
      )
      // A guess that happened to be right is no fault of ours.
      const digits = issued.outcome === 'issued' ? issued.digits : null
      return (
        answers.filter(({ outcome }) => outcome === 'right').length - (digits && /^10000[1-5]$/.test(digits) ? 1 : 0)
      )
    }),
  )
  expect(rights.every((count) => count === 0)).toBe(true)
})

test(`${floods} SMS asked for at once send no more than the limits of the number allow`, async () => {
  const number = '998900000003'
  const issued = await Promise.all(
    Array.from({ length: floods }, (_, index) =>
      Code.request({
        bot: bot._id,
        personId: 6_000_000 + index,
        requestId: `flood-${index}`,
        words: 'account:102',
        number,
      }),
    ),
  )
  const sent = issued.filter((one) => one.outcome === 'issued' && one.digits !== null)
  expect(sent).toHaveLength(10)
  expect(issued.every(({ outcome }) => outcome === 'issued')).toBe(true)
}, 120_000)

test('a code, a key or a phone in a group is refused with a pointer to the private chat', async () => {
  await Bot.change(bot._id, { chatPolicy: 'enabled' })
  const group = await world.colony.admin.group('Proofs', { members: ['helper_bot'] })
  await group.promotes('helper_bot')
  for (const proof of [
    '123456',
    '1234 5678',
    '+998 90 123-45-67',
    '8 918 777-77-77'.replace('8', '+7'),
    'code 123456',
  ]) {
    await group.sends(proof)
    await group.sees('This is for the two of us alone')
  }
  await group.sends('/link@helper_bot')
  await group.sees('This is for the two of us alone')
  await group.sends('See you at seven')
  await group.seesNothing()
})

test('whoever cancels is rid of the button that shares the phone', async () => {
  const { person } = await world.known('Kim')
  const chat = chatOf(person)
  await chat.sends('/link')
  await chat.sees('Who are you')
  expect((await chat.view()).keyboard).toBeDefined()
  await chat.sends('/cancel')
  await chat.sees('Cancelled.')
  expect((await chat.view()).keyboard).toBeUndefined()
})

test('a key that a specialist binds is accepted by the directory first', async () => {
  const { person, userId } = await world.known('Jim')
  const chat = chatOf(person)
  await chat.start()
  await chat.sends('/key')
  const key = /\d{4} \d{4}/.exec((await chat.sees(/\d{4} \d{4}/)).text ?? '')?.[0] ?? ''
  expect(await world.call('keys/assign', { key, userId: 'nobody' })).toMatchObject({
    success: false,
    message: "The company's system knows no user nobody.",
  })
  const before = await connects()
  await world.directory.call('PUT /faults', { status: 500, calls: ['POST /user/connect-bot'] })
  expect(await world.call('keys/assign', { key, userId })).toMatchObject({ success: true })
  await chat.sees('your connection is being finished')
  expect((await recordOf(person))?.userId).toBeUndefined()
  await world.directory.call('DELETE /faults')
  await chat.sees(`You are connected as ${userId}`, { within: 60_000 })
  expect(await connects()).toBe(before + 1)
}, 120_000)

const onePixel = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAwS2OUAAAAABJRU5ErkJggg==',
    'base64',
  ),
)
