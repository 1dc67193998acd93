import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// biome-ignore lint/style/noRestrictedImports: the browser of the tests, nothing of the sandbox
import { browserIsMissing, openBrowser } from '../../sandbox/test/browser.ts'
import { listenAsBot } from './bot-listener.ts'
import { DirectoryProcess } from './directory-process.ts'

// Each test goes on where the one before has ended.
describe.skipIf(browserIsMissing())('the admin page', () => {
  let bot: Awaited<ReturnType<typeof listenAsBot>>
  let directory: DirectoryProcess
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    bot = await listenAsBot()
    directory = await DirectoryProcess.start({ env: bot.env })
    browser = await openBrowser()
    page = await browser.newPage()
    page.setDefaultTimeout(8_000)
    await page.goto(directory.url)
  })
  afterAll(async () => {
    await browser?.close()
    await directory?.close()
    await bot?.close()
  })

  const row = (text: string) => page.getByRole('row').filter({ hasText: text })
  const news = (text: string) => page.getByRole('status').getByText(text).waitFor()
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const type = (label: string, text: string) => page.getByRole('dialog').getByLabel(label).fill(text)

  test('finds people by what is typed', async () => {
    await page.getByText('7 people').waitFor()
    await page.getByRole('searchbox', { name: 'Search' }).fill('+7 918')
    await page.getByText('1 person', { exact: true }).waitFor()
    await row('Пушкин').waitFor()
    await page.getByRole('searchbox', { name: 'Search' }).fill('')
    await page.getByText('7 people').waitFor()
  })

  test('edits a person, says which field cannot be, and tells the bot', async () => {
    await press('Edit Nina Phoneless')
    await type('Phone', '12')
    await type('City', 'Kyiv')
    await press('Save')
    await page.getByRole('alert').getByText('7 to 15 digits').waitFor()
    expect(await page.getByRole('dialog').getByLabel('Phone').getAttribute('aria-invalid')).toBe('true')
    await type('Phone', '+999 55 500 00 77')
    await press('Save')
    await news('Nina Phoneless is changed. The bot was told.')
    await row('999555000077').waitFor()
    expect(bot.heard.at(-1)?.params).toMatchObject({ userId: 128, phone: '999555000077', location: { city: 'Kyiv' } })
    const focused = page.getByRole('button', { name: 'Edit Nina Phoneless' })
    await expect.poll(() => focused.evaluate((button) => button.ownerDocument.activeElement === button)).toBe(true)
  })

  test('blocks with a reason and unblocks', async () => {
    await press('Block Umid User')
    await type('Reason', 'Unpaid orders of May')
    await press('Block')
    await row('Umid').getByText('blocked: Unpaid orders of May').waitFor()
    await press('Unblock Umid User')
    await row('Umid').getByText('active', { exact: true }).waitFor()
    expect(bot.heard.slice(-2).map(({ params }) => params)).toEqual([
      { userId: 102, reason: 'Unpaid orders of May' },
      { userId: 102 },
    ])
  })

  test('shows by itself that somebody connected', async () => {
    await row('Alice').getByText('not connected').waitFor()
    await directory.call('POST /user/connect-bot', { userId: 101 })
    await row('Alice')
      .getByText(/^connected/)
      .waitFor()
  })

  test('sets the bot that is told', async () => {
    await page.getByText('The bot b1 at').waitFor()
    await press('Set the bot')
    await type('Bot', '@b2')
    await type('API key', 'key-2')
    await press('Save')
    await page.getByText('The bot b2 at').waitFor()
    await press('Block Umid User')
    await press('Block')
    await expect.poll(() => bot.heard.at(-1)).toMatchObject({ authorization: 'Bearer key-2', params: { userId: 102 } })
  })

  test('deletes a person only after a second yes', async () => {
    await press('Delete Pavel Orlov')
    await press('Cancel')
    await page.getByText('7 people').waitFor()
    await press('Delete Pavel Orlov')
    await press('Delete')
    await news('Pavel Orlov is deleted.')
    await page.getByText('6 people').waitFor()
    expect(await directory.call('GET /user?userId=131')).toMatchObject({ status: 404 })
  })

  test('says when the directory cannot be reached, and shows a name as text', async () => {
    await directory.call('POST /user', { firstname: '<img src=x onerror=alert(1)>', email: 'x@example.com' })
    await row('<img src=x').waitFor()
    await directory.stop()
    await news('The directory cannot be reached.')
  })
})
