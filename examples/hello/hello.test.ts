import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Colony, startColony } from '../../rookery.ts'
import { hello } from './hello.ts'

let colony: Colony

beforeAll(async () => {
  colony = await startColony({ kinds: [hello] })
  await colony.addBot({ name: 'Hello', username: 'hello_bot', kind: 'Hello' })
})
afterAll(() => colony.close())

test('asks three questions and says the answers back in order', async () => {
  const ann = (await colony.person({ first_name: 'Ann', language_code: 'en' })).chat('hello_bot')
  await ann.start()
  await ann.presses('Sign up')
  await ann.sees('What is your name?')
  await ann.sends('Ann <3')
  await ann.sees('Pleased to meet you, Ann <3.')
  await ann.sends('+998 90 123 45 67')
  await ann.sees('city')
  await ann.sends('Tashkent')
  expect((await ann.sees('Thank you!')).text).toMatch(/Ann <3\n.*\+998 90 123 45 67\n.*Tashkent/)
})

test('asks again for a phone number that is none', async () => {
  const bob = (await colony.person({ first_name: 'Bob', language_code: 'en' })).chat('hello_bot')
  await bob.sends('/form')
  await bob.sends('Bob')
  await bob.sees('phone')
  await bob.sends('later')
  await bob.sees('does not look like a phone number')
  await bob.sends('8 (495) 123-45-67')
  await bob.sees('city')
})

test('speaks the language of the person', async () => {
  const olga = (await colony.person({ first_name: 'Ольга', language_code: 'ru' })).chat('hello_bot')
  await olga.sends('«Запиши меня»')
  await olga.sees('Как вас зовут?')
  await olga.sends('/cancel')
  await olga.sees('Отменено.')
})
