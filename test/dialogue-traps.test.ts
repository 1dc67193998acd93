import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConversationMenu } from '@grammyjs/conversations'
import { Api, GrammyError, InputFile } from 'grammy'
import { expect, test } from 'vitest'
import { FileShelf } from '../dialogue/files.ts'
import { seam } from '../dialogue/seam.ts'
import { fleetTimes } from '../fleet/fleet.ts'
import { Dialogue } from '../models/dialogue.ts'
import { defineScene } from '../rookery.ts'
import { form, inject, outbox, said, startProbe } from './probe.ts'

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('a replay sends nothing again', async () => {
  await using probe = await startProbe({ form })
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  const before = (await outbox(probe)).length
  await probe.chat.sends('Ann')
  await probe.chat.sees('Phone?')
  await probe.chat.sends('1')
  await probe.chat.sees('City?')
  await probe.chat.sends('Rome')
  await probe.chat.sees('name=Ann phone=1 city=Rome')
  expect((await outbox(probe)).slice(before).map(({ text }) => text)).toEqual([
    'Phone?',
    'City?',
    'name=Ann phone=1 city=Rome',
  ])
})

test('a scene that catches an error catches the same one in a replay', async () => {
  const clumsy = defineScene('clumsy@1', async (talk) => {
    const error = await talk.ctx.api.sendMessage(talk.chat, 'x'.repeat(5000)).catch((caught) => caught)
    await talk.ask(said, { text: 'Go on?' })
    await talk.say(said, { text: `${error instanceof GrammyError} ${error.error_code} ${error.description}` })
  })
  await using probe = await startProbe({ clumsy })
  await probe.chat.sends('/clumsy')
  await probe.chat.sees('Go on?')
  await probe.chat.sends('yes')
  await probe.chat.sees('true 400 Bad Request: message is too long')
})

test('a failure keeps its parameters on its way to a scene', async () => {
  const answer = {
    ok: false,
    error_code: 429,
    description: 'Too Many Requests',
    parameters: { retry_after: 3 },
  } as const
  const api = new Api(
    'seam',
    seam(async () => answer, new FileShelf()),
  )
  const error = await api.sendMessage(1, 'x').catch((caught) => caught)
  expect(error).toMatchObject({ error_code: 429, parameters: { retry_after: 3 } })
})

test('one 502 or 429 on a reply does not destroy a scene', async () => {
  // One attempt an update: the call itself must be repeated.
  const inbox = { ...fleetTimes.inbox, retryPausesMs: [] }
  await using probe = await startProbe({ form }, { times: { ...fleetTimes, inbox } })
  await inject(probe, { fail_share: 1, times: 1, methods: ['sendMessage'] })
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await inject(probe, { retry_after: 1, times: 1, methods: ['sendMessage'] })
  await probe.chat.sends('Ann')
  await probe.chat.sees('Phone?')
  await probe.chat.sends('1')
  await probe.chat.sees('City?')
})

test('files arrive from within a scene, once each, beside replies and captions', async () => {
  const pictures = defineScene('pictures@1', async (talk) => {
    const { message_id } = await talk.say(said, { text: 'first' })
    await talk.ctx.api.sendPhoto(talk.chat, new InputFile(pixel, 'dot.png'), {
      caption: 'a dot',
      reply_parameters: { message_id },
    })
    await talk.ask(said, { text: 'And?' })
    await talk.ctx.api.sendDocument(talk.chat, new InputFile(Buffer.from('text'), 'note.txt'), { caption: 'a note' })
  })
  await using probe = await startProbe({ pictures })
  await probe.chat.sends('/pictures')
  const photo = await probe.chat.sees('a dot')
  expect(photo.photo).toBeDefined()
  expect(photo.reply_to_message?.text).toBe('first')
  await probe.chat.sends('more')
  expect((await probe.chat.sees('a note')).document?.file_name).toBe('note.txt')
  const messages = await probe.chat.messages()
  expect(messages.filter(({ photo }) => photo)).toHaveLength(1)
})

test("grammY's own conversation menus pass the seam untouched", async () => {
  const menu = defineScene('menu@1', async (talk) => {
    const keys = talk.conversation.menu('keys').text('Press me', (ctx) => ctx.reply('pressed').then(() => {}))
    expect(keys).toBeInstanceOf(ConversationMenu)
    await talk.ctx.api.sendMessage(talk.chat, 'a menu', { reply_markup: keys })
    await talk.conversation.wait()
  })
  await using probe = await startProbe({ menu })
  await probe.chat.sends('/menu')
  await probe.chat.sees('Press me')
  await probe.chat.presses('Press me')
  await probe.chat.sees('pressed')
})

test('a payload that is no JSON is an error in the scene, not a hang', async () => {
  const huge = defineScene('huge@1', async (talk) => {
    const error = await talk.ctx.api.sendMessage(1n as never, 'x').catch((caught) => caught)
    await talk.say(said, { text: `${error.name}` })
  })
  await using probe = await startProbe({ huge })
  await probe.chat.sends('/huge')
  await probe.chat.sees('TypeError')
})

test('a keyboard that is no JSON is an error in the scene, not a hang', async () => {
  const keys = defineScene('keys@1', async (talk) => {
    const inline_keyboard = [[{ text: 'Press', callback_data: 1n as never }]]
    const error = await talk.ctx.api.sendMessage(talk.chat, 'x', { reply_markup: { inline_keyboard } }).catch((e) => e)
    await talk.say(said, { text: `${error.name}` })
  })
  await using probe = await startProbe({ keys })
  await probe.chat.sends('/keys')
  await probe.chat.sees('TypeError')
})

test('what a scene does outside is seen as JSON at once, as a replay will see it', async () => {
  const dated = defineScene('dated@1', async (talk) => {
    const date = await talk.effect('date', async () => new Date(0))
    await talk.say(said, { text: `first ${typeof date}` })
    await talk.ask(said, { text: 'Again?' })
    await talk.say(said, { text: `replayed ${typeof date}` })
  })
  await using probe = await startProbe({ dated })
  await probe.chat.sends('/dated')
  await probe.chat.sees('first string')
  await probe.chat.sends('yes')
  await probe.chat.sees('replayed string')
})

test('a press that is answered too late fails nothing', async () => {
  const late = defineScene('late@1', async (talk) => {
    await talk.ctx.api.answerCallbackQuery('12345')
    await talk.say(said, { text: 'went on' })
  })
  await using probe = await startProbe({ late })
  await probe.chat.sends('/late')
  await probe.chat.sees('went on')
})

test('fifty steps keep the state small', async () => {
  const long = defineScene('long@1', async (talk) => {
    // Random, so that only leaving the texts out makes it small.
    for (let step = 0; step < 50; step++) await talk.say(said, { text: randomBytes(100).toString('hex') })
    await talk.ask(said, { text: 'Enough?' })
  })
  await using probe = await startProbe({ long })
  await probe.chat.sends('/long')
  await probe.chat.sees('Enough?')
  await expect
    .poll(async () => (await Dialogue.findOne({ state: { $exists: true } }))?.state?.length ?? 0)
    .toBeGreaterThan(0)
  const { state } = await Dialogue.findOne({ state: { $exists: true } })
    .lean()
    .orFail()
  expect(state?.length).toBeLessThan(2_000)
})

test('a scene that is gone after an update of the code blocks no other', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  {
    await using before = await startProbe({ form }, { dir })
    await before.chat.sends('/form')
    await before.chat.sees('Name?')
  }
  const renewed = defineScene('form@2', async (talk) => {
    await talk.say(said, { text: `hello ${await talk.ask(said, { text: 'Your name?' })}` })
  })
  {
    await using after = await startProbe({ form: renewed }, { dir })
    await after.chat.sends('/form')
    await after.chat.sees('Your name?')
    await after.chat.sends('Ann')
    await after.chat.sees('hello Ann')
  }
  await rm(dir, { recursive: true })
})

test('a command is never taken for an answer; leaving is asked first', async () => {
  await using probe = await startProbe({ form })
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await probe.chat.sends('/help')
  await probe.chat.presses('Stay')
  await probe.chat.sees(/let us go on/)
  await probe.chat.sends('Ann')
  await probe.chat.sees('Phone?')
  await probe.chat.sends('/help')
  await probe.chat.presses('Leave')
  await probe.chat.sees('/form')
  await probe.chat.sends('/form')
  await probe.chat.sees('Name?')
  await probe.chat.sends('/cancel')
  await probe.chat.sees('Cancelled.')
})
