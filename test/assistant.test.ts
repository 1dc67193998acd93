import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Colony, startColony } from '../chat-test.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'

let colony: Colony

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
})
afterAll(() => colony.close())

async function newcomer(language_code: string): Promise<PersonChat> {
  const person = await colony.person({ first_name: 'Nia', language_code })
  return person.chat('shop_bot')
}

test.each([
  ['en', 'Hello, Nia! I am Shop.', 'My key'],
  ['ru-RU', 'Здравствуйте, Nia! Я Shop.', 'Мой ключ'],
  ['uz', 'Assalomu alaykum, Nia! Mening nomim – Shop.', 'Mening kalitim'],
  ['fr', 'Hello, Nia! I am Shop.', 'My key'],
])('greets a person whose messenger speaks %s', async (language, greeting, button) => {
  const chat = await newcomer(language)
  await chat.start()
  expect(JSON.stringify((await chat.sees(greeting)).reply_markup)).toContain(button)
})

test('tells what it can do, in a list of its commands', async () => {
  const chat = await newcomer('ru')
  await chat.sends('/help')
  const { text } = await chat.sees('вот что я умею')
  for (const line of ['/key – Мой ключ', '/stop – Больше ничего не присылать', '/cancel – '])
    expect(text).toContain(line)
})

test('speaks another language from the press of a button on', async () => {
  const chat = await newcomer('en')
  await chat.sends('/language')
  await chat.sees('Which language')
  await chat.presses('Oʻzbekcha')
  await chat.sees('Endi men oʻzbekcha gapiraman')
  await chat.sends('/help')
  await chat.sees('nimalarni qila olaman')
})

test('answers anything else with its buttons', async () => {
  const chat = await newcomer('en')
  await chat.sends('what is the weather like?')
  await chat.sees('I did not quite get that')
  await chat.sendsSticker()
  await chat.sees('I did not quite get that')
  await chat.presses('Help')
  await chat.sees('this is what I can do')
  await chat.presses('« Back')
  await chat.sees('Hello, Nia!')
})

test('sends nothing after /stop and says so when asked, until /start', async () => {
  const chat = await newcomer('en')
  await chat.start()
  await chat.sends('/stop')
  await chat.sees('I will send you nothing more')
  await chat.sends('hello?')
  await chat.sees('You asked me to send nothing more')
  await chat.seesNothing()
  await chat.start()
  await chat.sees('Hello, Nia!')
  await chat.sends('hello?')
  await chat.sees('I did not quite get that')
})

test('says that there is nothing to cancel', async () => {
  const chat = await newcomer('en')
  await chat.sends('/cancel')
  await chat.sees('nothing to cancel')
})
