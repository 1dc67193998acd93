import { expect, test } from 'vitest'
import type { TextMessage } from '../text-messages.ts'
import { startTestSandbox, tempDir } from './start.ts'

test('an SMS reaches whoever has the number, and nobody else', async () => {
  const sandbox = await startTestSandbox()
  const [alice, umid] = [await sandbox.person('Alice'), await sandbox.person('Umid')]
  const text = 'Your code is 012345'
  const sent = await sandbox.api<TextMessage>('POST', '/sms', { to: alice.person.phone.slice(1), text })
  expect(sent).toEqual({ id: 1, text, date: expect.any(Number) })
  expect(Math.abs(sent.date * 1000 - Date.now())).toBeLessThan(60_000)
  await sandbox.api('POST', '/sms', { to: alice.person.phone, text: 'with a +' })
  expect((await alice.sms()).map((one) => one.text)).toEqual([text, 'with a +'])
  expect(await umid.sms()).toEqual([])
  await expect(umid.phone.receives(text, { within: 50 })).rejects.toThrow('Umid received no new SMS')
  expect(await sandbox.api('GET', '/sms')).toMatchObject([{ person: alice.person.id, text }, { id: 2 }])
  expect(await sandbox.api('GET', '/sms?after=1')).toMatchObject([{ id: 2 }])
})

test('a person waits for an SMS, and reads each one once', async () => {
  const sandbox = await startTestSandbox()
  const alice = await sandbox.person('Alice')
  const send = (text: string) => sandbox.api('POST', '/sms', { to: alice.person.phone, text })
  const waiting = alice.phone.receives(/\d{6}/)
  await send('Hello')
  await send('Code 111111')
  expect((await waiting).text).toBe('Code 111111')
  await send('Code 222222')
  expect((await alice.phone.receives(/\d{6}/)).text).toBe('Code 222222')
  await expect(alice.phone.receives(/\d{6}/, { within: 50 })).rejects.toThrow(
    'Alice received no new SMS that holds /\\d{6}/ within 50 ms:\n  Hello\n  Code 111111\n  Code 222222',
  )
})

test('an SMS to nobody, without a number or without a text is refused', async () => {
  const sandbox = await startTestSandbox()
  const send = (body: object) => sandbox.api('POST', '/sms', body)
  await expect(send({ to: '998000000000', text: 'x' })).rejects.toThrow('Nobody here has the phone 998000000000')
  await expect(send({ to: 'Alice', text: 'x' })).rejects.toThrow('7 to 15 digits')
  await expect(send({ to: '998000000000', text: '' })).rejects.toThrow('text')
  await expect(sandbox.api('GET', '/people/1/sms')).rejects.toThrow('There is no person 1')
  expect(await sandbox.api('GET', '/sms')).toEqual([])
})

test('SMS outlive a restart and are numbered on', async () => {
  const dir = await tempDir()
  const before = await startTestSandbox({ dir })
  const { person } = await before.person('Alice')
  await before.api('POST', '/sms', { to: person.phone, text: 'one' })
  await before.close()
  const after = await startTestSandbox({ dir })
  await after.api('POST', '/sms', { to: person.phone, text: 'two' })
  expect(await (await after.person('Alice')).sms()).toMatchObject([
    { id: 1, text: 'one' },
    { id: 2, text: 'two' },
  ])
})
