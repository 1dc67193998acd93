import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findEntities } from '../bot-api/found-entities.ts'
import { escapeHtml, parseHtml } from '../bot-api/html.ts'
import { checkReplyMarkup } from '../bot-api/keyboard.ts'
import { splitText } from '../bot-api/split.ts'
import { botIdOfToken, isToken } from '../bot-api/token.ts'
import { checkBotUsername, normalizeUsername } from '../bot-api/usernames.ts'

describe('HTML', () => {
  test.each([
    ['<b>a</b><strong>b</strong>', 'ab', ['bold 0 1', 'bold 1 1']],
    ['<i>a</i> <em>b</em>', 'a b', ['italic 0 1', 'italic 2 1']],
    ['<u>a</u><ins>b</ins>', 'ab', ['underline 0 1', 'underline 1 1']],
    ['<s>a</s><strike>b</strike><del>c</del>', 'abc', ['strikethrough 0 1', 'strikethrough 1 1', 'strikethrough 2 1']],
    ['<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', 'ab', ['spoiler 0 1', 'spoiler 1 1']],
    ['<code>a</code>', 'a', ['code 0 1']],
    ['<pre>a\nb</pre>', 'a\nb', ['pre 0 3']],
    ['<pre><code class="language-ts">a</code></pre>', 'a', ['pre 0 1']],
    ['<blockquote>a</blockquote>', 'a', ['blockquote 0 1']],
    ['<blockquote expandable>a</blockquote>', 'a', ['expandable_blockquote 0 1']],
    ['<a href="https://e.org/?a=1&amp;b=2">a</a>', 'a', ['text_link 0 1']],
    ['<a href="tg://user?id=42">a</a>', 'a', ['text_mention 0 1']],
    ['<a href="x">a</a>', 'a', []],
    ['<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', '👍', ['custom_emoji 0 2']],
    ['<b>a<i>b</i></b>', 'ab', ['bold 0 2', 'italic 1 1']],
    ['<B>a</B>', 'a', ['bold 0 1']],
    ['🦜<b>я</b>', '🦜я', ['bold 2 1']],
    ['<b></b>a', 'a', []],
    ['1 &lt; 2 &amp;&#38;&#x26; &nbsp; & &quot;', '1 < 2 &&& &nbsp; & "', []],
  ])('reads %s', (html, text, entities) => {
    const parsed = parseHtml(html)
    expect(parsed.text).toBe(text)
    expect(parsed.entities.map(({ type, offset, length }) => `${type} ${offset} ${length}`)).toEqual(entities)
  })

  test.each([
    ['abc<foo>', 'Unsupported start tag "foo" at byte offset 3'],
    ['я<foo>', 'Unsupported start tag "foo" at byte offset 2'],
    ['<b>a', 'Can\'t find end tag corresponding to start tag "b"'],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['<b><i>a</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['a < b', 'Unsupported start tag "" at byte offset 2'],
    ['a <', 'Unclosed start tag at byte offset 2'],
    ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['<a href>a</a>', 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'],
    ['<a href="x>a</a>', 'Unclosed start tag "a" at byte offset 0'],
  ])('refuses %s as Telegram does', (html, sentence) => {
    expect(() => parseHtml(html)).toThrow(`can't parse entities: ${sentence}`)
  })

  test('gives back any escaped text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => parseHtml(`<b>${escapeHtml(text)}</b>`).text === text),
    )
  })
})

describe('splitting', () => {
  test('cuts between lines, else between words, and takes the entities along', () => {
    const whole = parseHtml('one two\n<b>three four</b> five')
    expect(splitText(whole, 14)).toEqual([
      { text: 'one two', entities: [] },
      { text: 'three four', entities: [{ type: 'bold', offset: 0, length: 10 }] },
      { text: 'five', entities: [] },
    ])
    expect(splitText(parseHtml('<i>aaaa bbbb</i>'), 6).map(({ entities }) => entities)).toEqual([
      [{ type: 'italic', offset: 0, length: 4 }],
      [{ type: 'italic', offset: 0, length: 4 }],
    ])
  })

  test('loses nothing but white space, keeps the limit and never halves a character', () => {
    const unit = fc.constantFrom('a', 'я', ' ', '\n', '🦜', '<', 'слово ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), fc.integer({ min: 2, max: 40 }), (text, limit) => {
        const parts = splitText({ text, entities: [] }, limit)
        expect(parts.every((part) => part.text.length <= limit && part.text.isWellFormed() && part.text !== '')).toBe(
          true,
        )
        expect(
          parts
            .map((part) => part.text)
            .join('')
            .replace(/\s/g, ''),
        ).toBe(text.replace(/\s/g, ''))
      }),
    )
  })
})

describe('keyboards', () => {
  const inline = (button: object) => checkReplyMarkup({ inline_keyboard: [[button]] })

  test('takes what Telegram takes', () => {
    expect(inline({ text: 'a', callback_data: 'ж'.repeat(32) })).toBeUndefined()
    expect(inline({ text: 'a', url: 'example.org/a' })).toBeUndefined()
    expect(inline({ text: 'a', url: 'http://127.0.0.1:3000/' })).toBeUndefined()
    expect(checkReplyMarkup({ keyboard: [['a', { text: 'b', request_contact: true }]] })).toBeUndefined()
    expect(checkReplyMarkup({ remove_keyboard: true })).toBeUndefined()
  })

  test.each([
    [{ text: 'a', callback_data: 'ж'.repeat(33) }, 'BUTTON_DATA_INVALID'],
    [{ text: 'a', callback_data: '' }, 'BUTTON_DATA_INVALID'],
    [{ text: 'a', url: 'http://localhost:3000' }, 'BUTTON_URL_INVALID'],
    [{ text: '', callback_data: 'a' }, 'inline keyboard button text must be non-empty'],
    [{ text: 'a' }, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"],
    [{ callback_data: 'a' }, 'can\'t parse inline keyboard button: Can\'t find field "text"'],
  ])('refuses the inline button %j', (button, sentence) => {
    expect(inline(button)).toBe(sentence)
  })

  test('refuses wrong shapes, empty labels, too many buttons, and other keyboards in an edit', () => {
    expect(checkReplyMarkup('a')).toBe('object expected as reply markup')
    expect(checkReplyMarkup({ inline_keyboard: [{}] })).toMatch('must be an Array of Arrays')
    expect(checkReplyMarkup({ keyboard: [['']] })).toBe('keyboard button text must be non-empty')
    const row = Array.from({ length: 101 }, () => ({ text: 'a', callback_data: 'a' }))
    expect(checkReplyMarkup({ inline_keyboard: [row] })).toBe('REPLY_MARKUP_TOO_LONG')
    expect(checkReplyMarkup({ keyboard: [['a']] }, { inlineOnly: true })).toBe('inline keyboard expected')
  })
})

test('knows the shape of a token', () => {
  const token = `7000000001:AA${'x'.repeat(33)}`
  expect(isToken(token)).toBe(true)
  expect(botIdOfToken(token)).toBe(7000000001)
  expect(['', 'abc', `${token}x`, token.slice(1).replace(':', ''), ` ${token}`].filter(isToken)).toEqual([])
})

test('holds the rules of usernames', () => {
  expect(['WeatherBot', 'weather_bot', 'a1bot'].map(checkBotUsername)).toEqual([undefined, undefined, undefined])
  const wrong = ['abot', 'weather', `${'a'.repeat(30)}bot`, 'my-bot', '1stbot', 'a__bot', 'бот_bot']
  expect(wrong.filter((name) => checkBotUsername(name) === undefined)).toEqual([])
  const written = [
    '@Nick_Bot',
    'nick_bot',
    'https://t.me/Nick_bot?start=x',
    ' t.me/nick_bot ',
    'HTTP://TELEGRAM.ME/nick_bot/',
  ]
  expect(written.map(normalizeUsername)).toEqual(written.map(() => 'nick_bot'))
})

test('finds commands, links, addresses, mentions and tags in a text', () => {
  const find = (text: string) =>
    findEntities(text).map(({ type, offset, length }) => `${type}=${text.slice(offset, offset + length)}`)
  expect(find('/start now, a/b and /help@my_bot')).toEqual(['bot_command=/start', 'bot_command=/help@my_bot'])
  expect(find('see https://e.org/a?b=#c. or me@e.org')).toEqual(['url=https://e.org/a?b=#c', 'email=me@e.org'])
  expect(find('@alice #tag #1 +998901234567')).toEqual(['mention=@alice', 'hashtag=#tag', 'phone_number=+998901234567'])
})
