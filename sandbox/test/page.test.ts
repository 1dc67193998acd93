import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browserIsMissing } from './browser.ts'
import { PageFixture, says, sees, startsChat } from './page-fixture.ts'

describe.skipIf(browserIsMissing())('the page', () => {
  let house: PageFixture
  beforeAll(async () => {
    house = await PageFixture.open()
  })
  afterEach(() => house?.closePages())
  afterAll(() => house?.close())

  it('finds BotFather, who makes a bot and hands out its token', async () => {
    const page = await house.page()
    await page.getByRole('searchbox', { name: 'Search' }).fill('@botfa')
    await page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: 'BotFather' }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByRole('button', { name: 'Commands' }).click()
    await page.getByRole('option', { name: /\/newbot/ }).click()
    await sees(page, 'BotFather', /name/)
    await says(page, 'Courier')
    await sees(page, 'BotFather', /username/)
    await says(page, 'page_courier_bot')
    const done = await sees(page, 'BotFather', 'page_courier_bot')
    await done.getByRole('button', { name: /^\d+:\S+$/ }).click()
    await page.getByRole('status').getByText('Copied').waitFor()
  })

  it('shows that a pressed button waits, then what the bot answered', async () => {
    const bot = await house.bot('Presser', 'presser_bot')
    const page = await house.page('#/chat/presser_bot')
    const chat_id = await startsChat(page, bot)
    const inline_keyboard = [[{ text: 'Now', callback_data: 'now' }], [{ text: 'Aloud', callback_data: 'aloud' }]]
    await bot.call('sendMessage', { chat_id, text: 'When?', reply_markup: { inline_keyboard } })

    await page.getByRole('button', { name: 'Now' }).click()
    const now = await bot.hears()
    expect(now.callback_query?.data).toBe('now')
    const button = page.getByRole('button', { name: 'Now' })
    expect(await button.getAttribute('aria-busy')).toBe('true')
    await bot.call('answerCallbackQuery', { callback_query_id: now.callback_query?.id, text: 'On my way' })
    await page.getByRole('status').getByText('On my way').waitFor()
    expect(await button.getAttribute('aria-busy')).toBe('false')

    await page.getByRole('button', { name: 'Aloud' }).click()
    const { callback_query } = await bot.hears()
    const loud = { callback_query_id: callback_query?.id, text: 'Think twice', show_alert: true }
    await bot.call('answerCallbackQuery', loud)
    await page.getByRole('dialog').getByText('Think twice').waitFor()
    await page.getByRole('button', { name: 'OK' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('shares the own phone by a button of a keyboard that is used once', async () => {
    const bot = await house.bot('Phones', 'phones_bot')
    const page = await house.page('#/chat/phones_bot')
    const chat_id = await startsChat(page, bot)
    const keyboard = [[{ text: 'Share my phone', request_contact: true }, { text: 'Skip' }]]
    const reply_markup = { keyboard, one_time_keyboard: true, input_field_placeholder: 'Your phone' }
    await bot.call('sendMessage', { chat_id, text: 'Whom may I call?', reply_markup })

    await page.getByPlaceholder('Your phone').waitFor()
    await page.getByRole('button', { name: 'Share my phone' }).click()
    const { message } = await bot.hears()
    expect(message?.contact?.user_id).toBe(chat_id)
    await page.getByRole('button', { name: 'Skip' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Show the keyboard' }).click()
    await page.getByRole('button', { name: 'Skip' }).click()
    expect(await bot.hearsText()).toBe('Skip')
    await page.getByRole('button', { name: 'Skip' }).waitFor({ state: 'detached' })
    await bot.call('sendMessage', { chat_id, text: 'Please!', reply_markup })
    await page.getByRole('button', { name: 'Skip' }).waitFor()
  })

  it('draws text by its entities and never reads it as HTML', async () => {
    const bot = await house.bot('Writer', 'writer_bot')
    const page = await house.page('#/chat/writer_bot')
    const chat_id = await startsChat(page, bot)
    const text =
      '<b>bold <i>and</i></b> &lt;img src=x&gt; <a href="https://example.com/">here</a> <tg-spoiler>secret</tg-spoiler> /go'
    await bot.call('sendMessage', { chat_id, text, parse_mode: 'HTML' })

    const message = await sees(page, 'Writer', '<img src=x>')
    expect(await message.locator('strong em').innerText()).toBe('and')
    expect(await message.getByRole('img').count()).toBe(0)
    expect(await message.getByRole('link', { name: 'here' }).getAttribute('href')).toBe('https://example.com/')
    expect(await message.getByText('secret').isVisible()).toBe(false)
    await message.getByRole('button', { name: 'Hidden text' }).click()
    expect(await message.getByText('secret').isVisible()).toBe(true)
    await message.getByRole('button', { name: '/go' }).click()
    expect(await bot.hearsText()).toBe('/go')
  })

  it('answers, edits and deletes messages', async () => {
    const bot = await house.bot('Editor', 'editor_bot')
    const page = await house.page('#/chat/editor_bot')
    const chat_id = await startsChat(page, bot)
    await bot.call('sendMessage', { chat_id, text: 'How many?' })

    const asked = await sees(page, 'Editor', 'How many?')
    await asked.getByRole('button', { name: 'Reply' }).click()
    await says(page, 'two')
    expect((await bot.hears()).message?.reply_to_message?.text).toBe('How many?')
    const own = await sees(page, 'Alice Admin', 'two')
    await own.getByRole('button', { name: 'Edit' }).click()
    await says(page, 'three')
    expect((await bot.hears()).edited_message?.text).toBe('three')
    const edited = await sees(page, 'Alice Admin', /three[\s\S]*edited/)
    await edited.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('three').waitFor({ state: 'detached' })
  })
})
