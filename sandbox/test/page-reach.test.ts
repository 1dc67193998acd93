import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browserIsMissing } from './browser.ts'
import { PageFixture, says, sees, startsChat } from './page-fixture.ts'

describe.skipIf(browserIsMissing())('the page, within reach', () => {
  let house: PageFixture
  beforeAll(async () => {
    house = await PageFixture.open()
  })
  afterEach(() => house?.closePages())
  afterAll(() => house?.close())

  it('is used by the keyboard alone', async () => {
    const bot = await house.bot('Typist', 'typist_bot')
    await bot.call('setMyCommands', { commands: [{ command: 'help', description: 'what I can do' }] })
    const page = await house.page()
    await page.getByRole('combobox', { name: 'Person' }).focus()
    for (const key of ['Tab', 'Tab', 'Tab']) await page.keyboard.press(key)
    await page.keyboard.type('typist')
    await page.getByRole('link', { name: 'Typist' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('button:focus').getByText('Start').waitFor()
    await page.keyboard.press('Enter')
    expect(await bot.hearsText()).toBe('/start')
    await page.locator('textarea:focus').waitFor()
    await page.keyboard.type('one')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('two')
    await page.keyboard.press('Enter')
    expect(await bot.hearsText()).toBe('one\ntwo')
    await page.keyboard.type('/h')
    await page.getByRole('option', { name: '/help' }).waitFor()
    await page.keyboard.press('Enter')
    expect(await bot.hearsText()).toBe('/help')
  })

  it('shows one pane and a way back when narrow', async () => {
    const page = await house.page()
    await page.setViewportSize({ width: 390, height: 700 })
    await page.getByRole('searchbox', { name: 'Search' }).fill('botfather')
    await page.getByRole('link', { name: 'BotFather', exact: true }).click()
    await page.getByRole('heading', { name: 'BotFather' }).waitFor()
    expect(await page.getByRole('searchbox', { name: 'Search' }).isVisible()).toBe(false)
    await page.getByRole('link', { name: 'Back' }).click()
    await page.getByRole('searchbox', { name: 'Search' }).waitFor()
    expect(await page.getByRole('heading', { name: 'BotFather' }).isVisible()).toBe(false)
  })

  it('keeps the newest message in view, and keeps what was refused in the field', async () => {
    const bot = await house.bot('Talker', 'talker_bot')
    const page = await house.page('#/chat/talker_bot')
    const chat_id = await startsChat(page, bot)
    for (let count = 1; count <= 30; count++) await bot.call('sendMessage', { chat_id, text: `Line ${count}.` })
    const newest = await sees(page, 'Talker', 'Line 30.')
    const field = page.getByRole('textbox', { name: 'Message' })
    const top = (await field.boundingBox())?.y ?? 0
    const box = await newest.boundingBox()
    expect(box && box.y > 0 && box.y + box.height <= top).toBe(true)
    await says(page, 'x'.repeat(4097))
    await page.getByRole('status').getByText('4096').waitFor()
    expect(await field.inputValue()).toHaveLength(4097)
  })

  it('lets whoever searches go on while a chat is loading', async () => {
    const page = await house.page('#/chat/BotFather')
    const { promise: loaded, resolve: load } = Promise.withResolvers<void>()
    await page.route(/\/chats\/\d+\?/, async (route) => {
      await loaded
      await route.continue()
    })
    await page.getByRole('combobox', { name: 'Person' }).selectOption('Umid User')
    await page.getByRole('heading', { name: 'Nothing open' }).waitFor()
    await page.getByRole('combobox', { name: 'Person' }).selectOption('Alice Admin')
    const search = page.getByRole('searchbox', { name: 'Search' })
    await search.pressSequentially('botf')
    load()
    await page.getByRole('heading', { name: 'BotFather' }).waitFor()
    await page.keyboard.type('ather')
    expect(await search.inputValue()).toBe('botfather')
    await page.keyboard.press('Enter')
    await expect.poll(() => search.inputValue()).toBe('')
  })

  it('comes back to the same person and chat after a reload', async () => {
    const page = await house.page('#/chat/BotFather')
    await page.getByRole('combobox', { name: 'Person' }).selectOption('Umid User')
    await page.getByRole('heading', { name: 'Nothing open' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'BotFather' }).waitFor()
    await page.goForward()
    await page.getByRole('link', { name: '@BotFather' }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await sees(page, 'Umid User', '/start')
    await page.reload()
    await sees(page, 'Umid User', '/start')
  })
})
