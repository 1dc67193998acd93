import { expect, test } from 'vitest'
import { limits } from '../bot-api/limits.ts'
import type { Capabilities } from '../channels/channel.ts'
import { checkContent } from '../delivery/check-content.ts'
import { compose } from '../delivery/compose.ts'

const capabilities = { textLength: limits.text, captionLength: limits.caption } as Capabilities
const languages = { person: 'uz', bot: 'ru' } as const
const composed = (content: Parameters<typeof compose>[0], spoken: Parameters<typeof compose>[1] = languages) =>
  compose(content, spoken, capabilities)

test("speaks the person's language, else the bot's, else English, else what there is", () => {
  const said = (text: object) => composed({ text })[0]?.payload.text
  expect(said({ en: 'Hi', ru: 'Привет', uz: 'Salom' })).toBe('Salom')
  expect(said({ en: 'Hi', ru: 'Привет' })).toBe('Привет')
  expect(said({ en: 'Hi' })).toBe('Hi')
  expect(composed({ text: { ru: 'Привет' } }, { person: 'uz', bot: 'en' })[0]?.payload.text).toBe('Привет')
})

test('splits a long HTML text into parts that are valid on their own', () => {
  const parts = composed({ text: `<b>${'word '.repeat(1200)}</b>end`, format: 'html' })
  expect(parts.map(({ payload }) => (payload.text as string).length <= limits.text)).toEqual([true, true])
  const [first, second] = parts.map(({ payload }) => payload.entities as { type: string; length: number }[])
  expect(first).toMatchObject([{ type: 'bold', offset: 0, length: String(parts[0]?.payload.text).length }])
  expect(second).toMatchObject([{ type: 'bold', offset: 0 }])
})

test('leaves a plain text as it is written', () => {
  expect(composed({ text: '1 < 2 <b>&amp;' })).toEqual([{ method: 'sendMessage', payload: { text: '1 < 2 <b>&amp;' } }])
})

test('puts a short text under a photo as its caption, a long one after it', () => {
  const photo = 'https://example.com/cat.png'
  expect(composed({ text: 'Cat', photo })).toMatchObject([{ method: 'sendPhoto', payload: { photo, caption: 'Cat' } }])
  const long = composed({ text: 'x'.repeat(2000), photo })
  expect(long.map(({ method }) => method)).toEqual(['sendPhoto', 'sendMessage'])
  expect(long[0]?.payload).toEqual({ photo })
})

test('puts the buttons under the last part, in the language of the text', () => {
  const buttons = [
    [
      { text: { en: 'Open', uz: 'Ochish' }, url: 'https://example.com' },
      { text: 'Menu', data: 'm:1' },
    ],
  ]
  const parts = composed({ text: 'y'.repeat(5000), buttons })
  expect(parts[0]?.payload.reply_markup).toBeUndefined()
  expect(parts[1]?.payload.reply_markup).toEqual({
    inline_keyboard: [
      [
        { text: 'Ochish', url: 'https://example.com' },
        { text: 'Menu', callback_data: 'm:1' },
      ],
    ],
  })
})

test('finds what the messenger would refuse before anything is sent', () => {
  const fields = (content: Parameters<typeof checkContent>[0]) => checkContent(content).map(({ field }) => field)
  expect(checkContent({ text: '<b>x', format: 'html' })).toEqual([
    { field: 'text', message: `can't parse entities: Can't find end tag corresponding to start tag "b"` },
  ])
  expect(fields({ text: { en: 'Hi', ru: ' ' } })).toEqual(['text'])
  expect(fields({ text: '<b> </b>', format: 'html' })).toEqual(['text'])
  expect(fields({ text: 'x'.repeat(50_000) })).toEqual(['text'])
  expect(fields({})).toEqual(['text'])
  expect(fields({ photo: 'https://a.example/1', document: 'https://a.example/2' })).toEqual(['photo'])
  expect(fields({ text: 'x', buttons: [[{ text: 'y', url: 'not an address' }]] })).toEqual(['buttons'])
  expect(fields({ text: 'x', buttons: [[{ text: '', url: 'https://a.example' }]] })).toEqual(['buttons'])
  expect(fields({ text: 'x', buttons: [[{ text: { en: 'y', ru: '' }, url: 'https://a.example' }]] })).toEqual([
    'buttons',
  ])
  expect(fields({ text: '<b>x</b>', format: 'html', photo: 'https://a.example/1' })).toEqual([])
})
