import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Admin } from '../acts/authorise.ts'
import { claim, standing } from '../acts/claim.ts'
import { type App, startApp } from '../app.ts'
import { createLogger } from '../config/logger.ts'
import { readSettings } from '../config/settings.ts'
import { Audit } from '../models/audit.ts'
import { Claim } from '../models/claim.ts'
import { Right } from '../models/right.ts'
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
  vi.restoreAllMocks()
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
  for (let guess = 1; guess <= 4; guess++) {
    await guesser.sends(`AAAA-AAAA-AAAA-AAA${guess}`)
    expect((await guesser.sees('Bu kod emas')).text).not.toMatch(/\d/)
  }
  await guesser.sends('AAAA-AAAA-AAAA-AAA5')
  await guesser.sees('urinishlar juda koʻp')
  for (const payload of [code(), undefined]) {
    await guesser.start(payload)
    await guesser.sees('urinishlar juda koʻp')
    await guesser.seesNothing()
  }
  await guesser.sends('what now?')
  expect((await guesser.sees('Kodni kiritish')).text).toMatch(/^Buni tushunmadim/)
  await guesser.presses('Kodni kiritish')
  await guesser.sees('urinishlar juda koʻp')
  await guesser.seesNothing()
  const other = alice.chat('metabot')
  await other.start(code())
  await other.sees('Add a bot')
})

test.each([
  ['recording it', Audit, 'record'],
  ['giving the right', Right, 'give'],
  ['ending the code', Claim, 'end'],
])('a claim that breaks off at %s is completed by the same person with the same code', async (_, object, method) => {
  const server = 'sandbox'
  const [winner, other] = [alice, umid].map(({ person }) => ({ server, personId: person.id })) as [Admin, Admin]
  vi.spyOn(object as unknown as Record<string, () => Promise<void>>, method).mockRejectedValueOnce(new Error('away'))
  await expect(claim(winner, code())).rejects.toThrow('away')
  await expect(claim(other, code())).rejects.toThrow('error.claimWrong')
  expect(await claim(winner, code())).toBe('owner')
  expect(await standing(other)).toBe('stranger')
  expect(await Claim.isOpen(server)).toBe(false)
  expect(await Audit.distinct('act')).toEqual(expect.arrayContaining(['claim.take', 'claim.renew']))
})

test('a code in the link that is wrong is asked for again', async () => {
  const chat = alice.chat('metabot')
  await chat.start('not-the-code')
  await chat.sees('This is not the code')
  await chat.sees('Type the claim code')
  await chat.sends(code())
  await chat.sees('this colony is yours')
})
