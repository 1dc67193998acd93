import { InputFile } from 'grammy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiFailure, Channel } from '../channels/channel.ts'

/** One bot on one messenger, with somebody in a private chat with it, for the suite that every channel passes. */
export type ChannelStage = {
  channel: Channel
  /** The same bot with a token that the messenger does not take. */
  refused: Channel
  /** The same bot where no messenger answers. */
  unreachable: Channel
  username: string
  chat: number
  /** The person's side of the chat. */
  person: {
    writes(text: string): Promise<void>
    presses(label: string): Promise<void>
    sees(text: string): Promise<void>
    blocks(): Promise<void>
  }
  close(): Promise<void>
}

/** What everybody may expect of a channel. */
export function channelSuite(name: string, set: () => Promise<ChannelStage>): void {
  describe(`the channel ${name}`, () => {
    let stage: ChannelStage
    beforeAll(async () => {
      stage = await set()
    })
    afterAll(() => stage.close())

    test('says who the bot is', async () => {
      expect(await stage.channel.identify()).toMatchObject({ ok: true, result: { username: stage.username } })
    })

    test('answers for a refused token', async () => {
      expect(await stage.refused.identify()).toMatchObject({ ok: false, error_code: 401 })
    })

    test('answers that nothing was sent where nobody listens', async () => {
      const answer = await stage.unreachable.call('sendMessage', { chat_id: stage.chat, text: 'x' })
      expect(answer).toMatchObject({ ok: false, error_code: 0, unsent: true })
    })

    test('answers a refusal with its code and sentence', async () => {
      const answer = (await stage.channel.call('sendMessage', { chat_id: stage.chat, text: '' })) as ApiFailure
      expect(answer).toMatchObject({ ok: false, error_code: 400 })
      expect(answer.description).toMatch(/\w+ \w+/)
    })

    test('sends a text that arrives', async () => {
      expect(await stage.channel.call('sendMessage', { chat_id: stage.chat, text: 'good morning' })).toMatchObject({
        ok: true,
      })
      await stage.person.sees('good morning')
    })

    test('sends a file that arrives', async () => {
      const document = new InputFile(new TextEncoder().encode('text'), 'note.txt')
      expect(
        await stage.channel.call('sendDocument', { chat_id: stage.chat, document, caption: 'a note' }),
      ).toMatchObject({ ok: true })
      await stage.person.sees('a note')
    })

    test('brings what is written and pressed as Bot API updates, in order, until it is confirmed', async () => {
      const { poll } = stage.channel
      if (!poll) return
      const keyboard = { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] }
      await stage.channel.call('sendMessage', { chat_id: stage.chat, text: 'well?', reply_markup: keyboard })
      await stage.person.writes('hello')
      await stage.person.presses('Yes')
      const first = await poll(0, AbortSignal.timeout(5_000))
      const again = await poll(0, AbortSignal.timeout(5_000))
      expect(again).toEqual(first)
      if (!first.ok) throw new Error(first.description)
      const seen = first.result.events.map(({ update }) => update.message?.text ?? update.callback_query?.data)
      expect(seen.slice(-2)).toEqual(['hello', 'yes'])
      const { next } = first.result
      await stage.person.writes('later')
      expect(await poll(next, AbortSignal.timeout(5_000))).toMatchObject({
        result: { events: [{ update: { message: { text: 'later' } } }] },
      })
    })

    test('answers at once what there is, when it is asked to have no patience', async () => {
      const { poll } = stage.channel
      if (!poll) return
      const answer = await poll(0, AbortSignal.timeout(5_000), 'none')
      expect(answer).toMatchObject({ ok: true, result: { events: expect.any(Array) } })
    })

    test('sets a webhook, tells of it, and takes it away without losing what waits', async () => {
      const { webhook, poll } = stage.channel
      if (!webhook || !poll) return
      // Nobody listens there: what comes waits.
      const url = 'http://127.0.0.1:9/hooks'
      expect(await webhook.set(url, 'secret')).toMatchObject({ ok: true })
      expect(await webhook.info()).toMatchObject({ ok: true, result: { url } })
      expect(await poll(0, AbortSignal.timeout(5_000))).toMatchObject({ ok: false, error_code: 409 })
      await stage.person.writes('waiting')
      expect(await webhook.remove()).toMatchObject({ ok: true })
      expect(await webhook.info()).toMatchObject({ result: { url: '' } })
      const answer = await poll(0, AbortSignal.timeout(5_000))
      expect(JSON.stringify(answer)).toContain('"text":"waiting"')
    })

    test('answers when it is aborted', async () => {
      const answer = await stage.channel.call('sendMessage', { chat_id: stage.chat, text: 'x' }, AbortSignal.abort())
      expect(answer).toMatchObject({ ok: false, error_code: 0 })
    })

    test('answers 403 once the person has blocked the bot', async () => {
      await stage.person.blocks()
      const answer = await stage.channel.call('sendMessage', { chat_id: stage.chat, text: 'x' })
      expect(answer).toMatchObject({ ok: false, error_code: 403 })
    })
  })
}
