import { expect, test } from 'vitest'
import { browserIsMissing, openBrowser } from '../sandbox/test/browser.ts'
import { startHttpWorld } from './http-world.ts'

test.skipIf(browserIsMissing())('the page of the API sends a real request with the key that was pasted', async () => {
  const world = await startHttpWorld()
  const browser = await openBrowser()
  try {
    const { secret } = await world.apiKey()
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    await page.goto(`${await world.http.listen({ port: 0, host: '127.0.0.1' })}/api/docs/`)
    await page.getByText('The requests of this page are real').waitFor()
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('textbox', { name: 'auth-bearer-value' }).fill(secret)
    await page.getByRole('button', { name: 'Apply credentials' }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page
      .getByRole('button', { name: /This key/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Execute' }).click()
    await expect.poll(() => page.locator('.live-responses-table').textContent()).toContain('"name": "ERP"')
    expect(problems).toEqual([])
  } finally {
    await browser.close()
    await world.close()
  }
})
