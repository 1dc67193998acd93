import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type App, startApp } from '../app.ts'
import { createLogger } from '../config/logger.ts'
import { readSettings } from '../config/settings.ts'
import { connectPerson, type PersonClient } from '../sandbox/person.ts'

let dir: string
let app: App
let alice: PersonClient
let umid: PersonClient

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const settings = readSettings({ DATA_DIR: dir, PORT: '0', SANDBOX_PORT: '0', SANDBOX: 'on' })
  app = await startApp(settings, { log: createLogger('silent') })
  alice = await connectPerson(app.sandboxUrl ?? '', 'Alice')
  umid = await connectPerson(app.sandboxUrl ?? '', 'Umid')
})
afterEach(async () => {
  await Promise.all([alice.close(), umid.close()])
  await app.close()
  await rm(dir, { recursive: true })
})

const code = () => app.claims[0]?.code ?? ''

test('whoever types the claim code owns Metabot, in any letter case, with or without dashes', async () => {
  const chat = alice.chat('metabot')
  await chat.start()
  await chat.sees('claim code')
  await chat.sends(code().toLowerCase().replaceAll('-', ' '))
  await chat.sees('this colony is yours')
  await chat.sees('Add a bot')
})

test('the code is spent once it was right', async () => {
  const owner = alice.chat('metabot')
  await owner.start(code())
  await owner.sees('Add a bot')
  const stranger = umid.chat('metabot')
  await stranger.start(code())
  await stranger.sees('ega sizni taklif qilgach')
  await stranger.sends(code())
  await stranger.sees('ega sizni taklif qilgach')
  await stranger.seesNothing()
})

test('a wrong code is called so, and after five there are no more tries, while others have theirs', async () => {
  const guesser = umid.chat('metabot')
  await guesser.start()
  await guesser.sees('Egalik kodini kiriting')
  for (let guess = 1; guess <= 5; guess++) {
    await guesser.sends(`AAAA-AAAA-AAAA-AAA${guess}`)
    expect((await guesser.sees('Bu kod emas')).text).not.toMatch(/\d/)
  }
  await guesser.sends(code())
  await guesser.sees('urinishlar juda koʻp')
  await guesser.start(code())
  await guesser.sees('urinishlar juda koʻp')
  const other = alice.chat('metabot')
  await other.start(code())
  await other.sees('Add a bot')
})

test('a code in the link that is wrong is asked for again', async () => {
  const chat = alice.chat('metabot')
  await chat.start('not-the-code')
  await chat.sees('This is not the code')
  await chat.sees('Type the claim code')
  await chat.sends(code())
  await chat.sees('this colony is yours')
})
