import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browserIsMissing } from './browser.ts'
import { PageFixture, startsChat } from './page-fixture.ts'
import type { RawBot } from './raw-bot.ts'

describe.skipIf(browserIsMissing())("the page's instruments", () => {
  let house: PageFixture
  let bot: RawBot
  beforeAll(async () => {
    house = await PageFixture.open()
    bot = await house.bot('Busy', 'busy_bot')
  })
  afterEach(() => house?.closePages())
  afterAll(() => house?.close())

  async function opened(): Promise<{ page: Page; panel: ReturnType<Page['getByRole']>; chat_id: number }> {
    const page = await house.page('#/chat/busy_bot')
    const start = page.getByRole('button', { name: 'Start', exact: true })
    await page.getByRole('heading', { name: 'Busy' }).waitFor()
    const chat_id = (await start.count()) > 0 ? await startsChat(page, bot) : 5_000_000_001
    await page.getByRole('button', { name: 'Main menu' }).click()
    await page.getByRole('menuitem', { name: 'Instruments' }).click()
    return { page, panel: page.getByRole('complementary', { name: 'Instruments' }), chat_id }
  }

  it('counts calls by method and outcome while they come', async () => {
    const { panel, chat_id } = await opened()
    await bot.call('sendMessage', { chat_id, text: 'one' })
    const line = panel.getByRole('table', { name: 'Calls' }).getByRole('row', { name: /sendMessage/ })
    await line.getByText('ok 1').waitFor()
    await bot.call('sendMessage', { chat_id, text: 'two' })
    await expect(bot.call('sendMessage', { chat_id: 1, text: 'nobody' })).rejects.toThrow('chat not found')
    await line.getByText('ok 2').waitFor()
    await line.getByText('400 1').waitFor()
    await bot.call('setWebhook', { url: 'http://127.0.0.1:9/hook' })
    await panel.getByRole('list', { name: 'Webhooks' }).getByText('http://127.0.0.1:9/hook').waitFor()
    await bot.call('deleteWebhook')
  })

  it("switches Telegram's limits for all bots, for one, and back", async () => {
    const { page, panel, chat_id } = await opened()
    const flood = async () => {
      const sent = Array.from({ length: 8 }, () => bot.call('sendMessage', { chat_id, text: 'more' }))
      return (await Promise.allSettled(sent)).filter(({ status }) => status === 'rejected').length
    }
    const limits = panel.getByRole('switch', { name: "Telegram's limits" })
    expect(await limits.getAttribute('aria-checked')).toBe('false')
    expect(await flood()).toBe(0)
    await limits.click()
    await panel.getByRole('switch', { name: "Telegram's limits", checked: true }).waitFor()
    expect(await flood()).toBeGreaterThan(0)
    await panel.getByText('Over a chat’s').waitFor()
    await panel.getByRole('combobox', { name: 'Bot' }).selectOption({ label: 'Busy @busy_bot' })
    await panel.getByRole('switch', { name: "Telegram's limits", checked: true }).click()
    await panel.getByRole('switch', { name: "Telegram's limits", checked: false }).waitFor()
    expect(await flood()).toBe(0)
    await panel.getByRole('button', { name: 'As all bots' }).click()
    await panel.getByRole('switch', { name: "Telegram's limits", checked: true }).waitFor()
    await panel.getByRole('combobox', { name: 'Bot' }).selectOption('0')
    await panel.getByRole('switch', { name: "Telegram's limits", checked: true }).click()
    await panel.getByRole('switch', { name: "Telegram's limits", checked: false }).waitFor()
    await page.getByRole('button', { name: 'Close the instruments' }).click()
    await panel.waitFor({ state: 'detached' })
  })

  it('sets the faults of one bot, shows what is set, says what is refused, and takes them back', async () => {
    const { page, panel } = await opened()
    await panel.getByRole('combobox', { name: 'Bot' }).selectOption({ label: 'Busy @busy_bot' })
    const field = (name: string) => panel.getByRole('spinbutton', { name })
    await field('Answered 502, %').fill('100')
    await field('For so many calls').fill('2')
    await panel.getByRole('textbox', { name: 'Methods' }).fill('getMe, getChat')
    await panel.getByRole('button', { name: 'Set faults' }).click()
    await panel.getByRole('button', { name: 'Take back' }).waitFor()
    await expect(bot.call('getMe')).rejects.toThrow('Bad Gateway')
    await expect.poll(() => field('For so many calls').inputValue()).toBe('1')
    await panel.getByRole('button', { name: 'Take back' }).click()
    await expect.poll(() => field('Answered 502, %').inputValue()).toBe('')
    await bot.call('getMe')
    await field('429 with retry after, s').fill('0')
    await panel.getByRole('button', { name: 'Set faults' }).click()
    await page.getByRole('status').getByText('retry_after').waitFor()
  })
})
