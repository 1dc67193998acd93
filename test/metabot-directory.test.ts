import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sealedDirectory } from '../acts/bot-directory.ts'
import { changeCall, viewDirectory } from '../acts/directory-settings.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { UserError } from '../config/user-error.ts'
import { directorySettings } from '../directory/settings.ts'
import { DirectoryProcess, token } from '../examples/directory/directory-process.ts'
import { Bot } from '../models/bot.ts'
import { Server } from '../models/server.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { certificate } from './directory-certificate.ts'
import { startDirectory } from './directory-server.ts'
import { botNamed, openOfCard, ownerOf, writtenIn } from './metabot-world.ts'

let colony: Colony
let metabot: PersonChat
let system: DirectoryProcess

beforeAll(async () => {
  system = await DirectoryProcess.start()
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  metabot = colony.admin.chat('metabot')
})
afterAll(async () => {
  await colony.close()
  await system.close()
})
beforeEach(() => system.call('DELETE /faults'))

/** Answers what Set up asks. */
async function typeAccess(url: string): Promise<void> {
  await metabot.sees('Type the address of your system')
  await metabot.sends(url)
  await metabot.sees('Type the token')
  await metabot.sends(token)
  await metabot.sees('In which header')
  await metabot.presses('Authorization: Bearer (usual)')
}

const openMenu = () => openOfCard(metabot, /Shop/, /^Directory$/)

async function setUp(): Promise<void> {
  await openMenu()
  await metabot.presses(/^Set up/)
  await typeAccess(system.url)
  await metabot.sees('The directory is set.')
  await metabot.sees('It was set for this bot.')
}

test('a directory is set up by talking, and tried at once', async () => {
  await openMenu()
  await metabot.sees('This bot has no directory yet')
  await metabot.presses('Set up')
  await metabot.sees('Type the address')
  await metabot.sends('erp.example.com/api')
  await metabot.sees('This is no address that I can call')
  await metabot.sends(system.url)
  await metabot.sees('Type the token')
  await metabot.sends('two words')
  await metabot.sees('visible Latin characters without spaces')
  await metabot.sends(token)
  await metabot.sees('In which header')
  await metabot.sends('Content-Type')
  await metabot.sees('This header has a meaning of its own')
  await metabot.sends('X Api Key')
  await metabot.sees('This is no name of an HTTP header')
  await metabot.presses('Authorization: Bearer (usual)')
  await metabot.sees('✅ The directory answers as it should.')
  const { text } = await metabot.sees('It was set for this bot.')
  expect(text).toContain(`Directory: ${system.url}`)
  expect(text).toContain('find: GET /user')
  const written = await writtenIn(metabot)
  expect(written).toContain('directory.set')
  expect(written).not.toContain(token)
  expect(written).not.toContain('two words')
})

test.each([
  [{ status: 401 }, 'The directory refuses us (401)'],
  [{ status: 500 }, 'answers with the status 500'],
  [{ answer: 'html' }, 'The answer (200) is not JSON'],
  [{ answer: 'broken-json' }, 'The answer (404) is not JSON'],
  [{ answer: 'drop' }, 'The directory cannot be reached (UND_ERR_SOCKET)'],
  [{ body: { email: 'ada@example.com' } }, 'the field “userId” is missing'],
  [{ body: { userId: 5, active: 'perhaps' } }, 'the field “active” is missing in it or is of another form'],
  [{ body: { userId: 5 } }, 'answers with somebody’s account'],
  [{ delay_ms: 20_000 }, 'The directory has not answered within 1 s'],
])('a check says in plain words what is wrong: %j', async (fault, words) => {
  await setUp()
  await metabot.presses('Timeout')
  await metabot.presses(/^(✅ )?1 s$/)
  await metabot.sees('An answer may take 1 s.')
  await system.call('PUT /faults', { ...fault, times: 1 })
  await metabot.presses('Check')
  await metabot.sees(words)
  await metabot.presses('Check')
  await metabot.sees('✅ The directory answers as it should.')
})

test('what does not work is corrected, or kept for a system that is only down', async () => {
  const server = createServer(certificate, (_request, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await using crowd = await startDirectory(() => ({ json: 'x'.repeat(2 * 1024 * 1024) }))
  await openMenu()
  await metabot.presses(/^Set up/)
  await typeAccess(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await metabot.sees('the directory’s certificate is not valid (DEPTH_ZERO_SELF_SIGNED_CERT)')
  server.close()
  await metabot.presses('Correct it')
  await typeAccess(crowd.url)
  await metabot.sees('The answer is larger than a megabyte')
  await metabot.presses('Correct it')
  await typeAccess('http://nowhere.invalid')
  await metabot.sees('There is no server of this name')
  await metabot.presses('Keep it')
  expect((await metabot.sees('It was set for this bot.')).text).toContain('http://nowhere.invalid')
})

test('somebody is asked for, and only the name and the ID are told', async () => {
  await setUp()
  for (const [by, typed, words] of [
    ['ID', '127', 'Found: Александр Пушкин, ID 127'],
    ['ID', '4711', 'it knows nobody like that'],
    ['E-mail', 'family@example.com', 'it knows several like that'],
    ['Phone', '+7 918 777-77-77', 'Found: Александр Пушкин, ID 127'],
  ] as const) {
    await metabot.presses('Ask for somebody')
    await metabot.presses(by)
    await metabot.sees('Of whoever is found I tell only')
    await metabot.sends(typed)
    expect((await metabot.sees(words)).text).not.toMatch(/79187777777|@/)
  }
  await metabot.presses('Ask for somebody')
  await metabot.presses('Phone')
  await metabot.sends('777')
  await metabot.sees('This is no phone number that I know')
  await metabot.sends('/cancel')
})

test('a call is changed, and what the directory does not offer is said so', async () => {
  await setUp()
  await metabot.presses('Change calls')
  await metabot.presses(/^change data: PATCH/)
  await metabot.presses('Not offered')
  expect((await metabot.sees('It was set for this bot.')).text).toContain('change data: not offered')
  await metabot.presses('Change calls')
  await metabot.presses(/^bot connected/)
  await metabot.presses('PUT')
  await metabot.sees('now it is /user/connect-bot')
  await metabot.sends('two words')
  await metabot.sees('A path has no spaces and no #')
  await metabot.sends('bots')
  expect((await metabot.sees('It was set for this bot.')).text).toContain('bot connected: PUT /bots')
  const { _id } = await botNamed('shop_bot')
  const anyway = changeCall(ownerOf(colony), String(_id), 'find', null)
  await expect(anyway).rejects.toThrow(UserError)
})

test('the card tells that calls to the directory are stopped for a time', async () => {
  await setUp()
  await system.call('PUT /faults', { status: 500 })
  for (let time = 1; time <= 5; time++) expect(await metabot.presses('Check')).toMatchObject({ text: 'Checked.' })
  await metabot.sees('It is left alone')
  await metabot.presses('« Back')
  expect((await metabot.sees('It runs.')).text).toMatch(/The directory failed 5 times in a row\. It is left alone/)
  await system.call('DELETE /faults')
  await openMenu()
  await metabot.presses('Check')
  await metabot.sees('Calls go through.')
})

test('a directory of its own is removed; one of the server then counts, which the bot’s admins cannot change', async () => {
  await setUp()
  const bot = await botNamed('shop_bot')
  await metabot.presses('Remove')
  await metabot.sees('Remove this directory?')
  await metabot.presses('Remove')
  await metabot.sees('This bot has no directory yet')
  expect((await Bot.byId(bot._id))?.settings.directory.sealed).toBeNull()
  const settings = directorySettings.parse({ baseUrl: system.url, token })
  await Server.updateOne({ _id: 'sandbox' }, { directory: sealedDirectory(settings) })
  await openMenu()
  const { text, buttons } = await seenWith('It is the server’s')
  expect(text).toContain(system.url)
  expect(buttons).toEqual(['Check', 'Ask for somebody', 'Set up', '« Back'])
  const admin = ownerOf(colony)
  await expect(changeCall(admin, String(bot._id), 'change', null)).rejects.toThrow('directory-settings.noneOfItsOwn')
  await expect(viewDirectory({ ...admin, personId: 4711 }, String(bot._id))).rejects.toThrow('error.noRight')
})

async function seenWith(words: string) {
  const { text = '', reply_markup } = await metabot.sees(words)
  const rows = reply_markup && 'inline_keyboard' in reply_markup ? reply_markup.inline_keyboard : []
  return { text, buttons: rows.flat().map((button) => button.text) }
}
