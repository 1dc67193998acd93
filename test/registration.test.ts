import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AccountWorld, codeIn, fillsIn, startAccountWorld } from './account-world.ts'

let world: AccountWorld

beforeAll(async () => {
  world = await startAccountWorld()
})
afterAll(() => world.close())

const newcomer = (first_name: string) => world.colony.person({ first_name, language_code: 'en' })

async function inDirectory(query: string) {
  return (await world.directory.call(`GET /admin/people?q=${encodeURIComponent(query)}`)).body.people
}

test('a shared contact proves the phone, the form is read back, corrected and sent, and the new user linked', async () => {
  const ada = await newcomer('Ada')
  const chat = ada.chat('helper_bot')
  await chat.start()
  await chat.presses('Register')
  await chat.sees('Let us begin with your phone number')
  await chat.presses('Share my phone number')
  await fillsIn(chat, { email: 'ada@example.com' })
  const { text = '' } = await chat.sees('Please check it')
  expect(text).toContain(`Phone: ${ada.person.phone}`)
  expect(text).toContain('Place: Uzbekistan, Tashkent region, Tashkent')
  await chat.presses('Correct')
  await chat.presses('last name')
  await chat.sends('King')
  await chat.sees('Last name: King')
  await chat.presses('Send')
  await chat.sees(/Welcome! You are connected as \d+/)
  expect(await inDirectory('ada@example.com')).toMatchObject([
    {
      firstname: 'Ada',
      lastname: 'King',
      phone: ada.person.phone?.replace('+', ''),
      location: { country: 'Uzbekistan', region: 'Tashkent region', city: 'Tashkent' },
      connectedAt: expect.any(String),
    },
  ])
  expect(await ada.sms()).toEqual([])
})

test('a typed phone is proved by a code before anybody is looked for; whom the directory knows is linked', async () => {
  const { person, userId, phone } = await world.known('Bob')
  const chat = person.chat('helper_bot')
  await chat.sends('/register')
  await chat.sees('Let us begin')
  await chat.sends('call me')
  await chat.sees('This does not look like a phone number')
  const before = (await world.counted())['GET /user']?.ok ?? 0
  await chat.sends(phone)
  await chat.sees('A code of six digits is on its way to')
  expect((await world.counted())['GET /user']?.ok ?? 0).toBe(before)
  await chat.sends(codeIn((await person.phone.receives(/code/)).text))
  await chat.sees('We know each other already')
  await chat.sees(`You are connected as ${userId}`)
})

test('each answer is checked, and a photo, a sticker or nonsense is asked again', async () => {
  const chat = (await newcomer('Cid')).chat('helper_bot')
  await chat.sends('/register')
  await chat.sees('Let us begin')
  await chat.sendsSticker()
  await chat.sees('Please answer with a text, or share your own contact')
  await chat.presses('Share my phone number')
  await chat.sees('What is your first name?')
  await chat.sendsSticker()
  await chat.sees('Please answer with a text.')
  await chat.sends('12345')
  await chat.sees('Please type a name')
  await chat.sends('Cid')
  await chat.sends('C'.repeat(101))
  await chat.sees('Please type a name')
  await chat.sends('Newman')
  await chat.sees('What is your e-mail')
  await chat.sends('nobody at nowhere')
  await chat.sees('This does not look like an e-mail address')
  await chat.presses('Skip')
  await chat.sees('Where do you live?')
  await chat.sends('a, b, c, d')
  await chat.sees('Please type a country, a region and a city')
  await chat.sends('Tashkent')
  await chat.sees('E-mail: –')
})

test('an error of the system leads back to the question that it names', async () => {
  const person = await newcomer('Dan')
  const chat = person.chat('helper_bot')
  await chat.sends('/register')
  await chat.presses('Share my phone number')
  await fillsIn(chat, { email: 'nina@example.com' })
  await chat.presses('Send')
  await chat.sees("The company's system did not take it: This e-mail belongs to another account")
  await chat.sees('What is your e-mail address?')
  await chat.sends('dan@example.com')
  await chat.sees('Please check it')
  await chat.presses('Send')
  await chat.sees(/You are connected as \d+/)
  expect(await inDirectory('dan@example.com')).toHaveLength(1)
})

test('while the directory is down nothing typed is lost, and what was lost on the way registers nobody twice', async () => {
  const person = await newcomer('Eve')
  const chat = person.chat('helper_bot')
  await chat.sends('/register')
  await chat.presses('Share my phone number')
  await fillsIn(chat, { email: 'eve@example.com' })
  await chat.sees('Please check it')
  await world.directory.call('PUT /faults', { answer: 'lost', calls: ['POST /user'] })
  await chat.presses('Send')
  await chat.sees("The company's system does not answer just now. Nothing that you typed is lost.", { within: 30_000 })
  await world.directory.call('DELETE /faults')
  await chat.presses('Try again')
  await chat.sees(/You are connected as \d+/, { within: 60_000 })
  expect(await inDirectory('eve@example.com')).toHaveLength(1)
})

test('a number that no account has leads from linking to a registration', async () => {
  const person = await newcomer('Fay')
  const chat = person.chat('helper_bot')
  await chat.sends('/link')
  await chat.presses('Share my phone number')
  await chat.sees('Your number is proved, but no account has it')
  await chat.presses('Register')
  await fillsIn(chat, { email: 'fay@example.com' })
  await chat.presses('Send')
  await chat.sees(/You are connected as \d+/)
})

test('the button that shares the number goes with the next question, and with a link that is opened instead', async () => {
  const { person, userId } = await world.known('Kay')
  const chat = person.chat('helper_bot')
  await chat.sends('/link')
  await chat.sees('Who are you')
  expect((await chat.view()).keyboard).toBeDefined()
  const { url } = (await world.call('links/create', { userId })) as { url: string }
  await chat.start(url.split('?start=')[1])
  await chat.sees(`You are connected as ${userId}`)
  await expect.poll(async () => (await chat.view()).keyboard).toBeUndefined()
  await expect.poll(async () => JSON.stringify(await chat.messages())).not.toContain('The button for your number')
  const other = (await newcomer('Kai')).chat('helper_bot')
  await other.sends('/register')
  await other.presses('Share my phone number')
  await other.sees('first name')
  expect((await other.view()).keyboard).toBeUndefined()
})
