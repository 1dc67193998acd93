import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealedDirectory } from '../acts/bot-directory.ts'
import { switchWay } from '../acts/linking-settings.ts'
import { countryOf, linkingSettingsOf, waysOf } from '../acts/linking-ways.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { directorySettings } from '../directory/settings.ts'
import { Bot } from '../models/bot.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { botNamed, openOfCard, ownerOf } from './metabot-world.ts'

let colony: Colony
let metabot: PersonChat

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  metabot = colony.admin.chat('metabot')
})
afterAll(() => colony.close())

const openMenu = () => openOfCard(metabot, /Shop/, /^Linking$/)
const ways = async () => [...(await waysOf(await botNamed('shop_bot')))]

test('a way that cannot work says for want of what', async () => {
  await openMenu()
  const { text = '' } = await metabot.sees('By which ways may people link')
  expect(text).toMatch(/⚠️ Shared contact: .*It cannot work: this bot has no directory/)
  expect(text).toMatch(/✅ Key: /)
  expect(await ways()).toEqual(['key', 'deepLink'])
  const { _id } = await botNamed('shop_bot')
  const settings = directorySettings.parse({ baseUrl: 'http://127.0.0.1:1', token: 'x' })
  await Bot.changeSettings(_id, 'directory', { sealed: sealedDirectory(settings) })
  await openMenu()
  expect((await metabot.sees('By which ways may people link')).text).not.toContain('It cannot work')
  expect(await ways()).toEqual(['contact', 'sms', 'key', 'deepLink', 'register'])
})

test('ways are switched off and on', async () => {
  await openMenu()
  await metabot.presses('Switch off: SMS code')
  await metabot.sees('⬜ SMS code')
  await metabot.presses('Switch off: Registration')
  await metabot.sees('⬜ Registration')
  expect(await ways()).toEqual(['contact', 'key', 'deepLink'])
  await metabot.presses('Switch on: SMS code')
  await metabot.sees('✅ SMS code')
  expect(await ways()).toEqual(['contact', 'sms', 'key', 'deepLink'])
  const { _id } = await botNamed('shop_bot')
  await expect(switchWay(ownerOf(colony), String(_id), 'telepathy', 'off')).rejects.toThrow('error.staleButton')
})

test('the country whose numbers are typed without its code is chosen, or typed as two letters', async () => {
  await openMenu()
  await metabot.sees('Phone numbers are typed with the code of their country')
  await metabot.presses('Uzbekistan')
  await metabot.sees('without the code of this country: Uzbekistan')
  expect(countryOf(await botNamed('shop_bot'))).toBe('UZ')
  await metabot.presses('Another')
  await metabot.sends('Germany')
  await metabot.sees('There is no country of these two letters')
  await metabot.sends('de')
  await metabot.sees('without the code of this country: Germany')
  expect(linkingSettingsOf(await botNamed('shop_bot'))).toMatchObject({ country: 'DE', sms: true, register: false })
})
