import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../people.ts'
import { callSandbox } from '../sandbox-call.ts'
import { browserIsMissing } from './browser.ts'
import { PageFixture } from './page-fixture.ts'

describe.skipIf(browserIsMissing())("the page's phone", () => {
  let house: PageFixture
  let people: Person[]
  beforeAll(async () => {
    house = await PageFixture.open()
    people = await callSandbox(house.sandbox.url, 'GET', '/people')
  })
  afterEach(() => house?.closePages())
  afterAll(() => house?.close())

  function texts(name: string, text: string): Promise<unknown> {
    const to = people.find(({ first_name }) => first_name === name)?.phone
    return callSandbox(house.sandbox.url, 'POST', '/sms', { to, text })
  }

  it('says politely that an SMS has come, counts it, and shows it when it is opened', async () => {
    const page = await house.page()
    const button = page.getByRole('button', { name: 'Phone', exact: true })
    const listens = () => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/sms'))
    await expect.poll(() => page.evaluate(listens), { timeout: 8_000 }).toBe(true)
    await texts('Alice', 'Your code: 123456')
    await page.getByRole('status').getByText('SMS: Your code: 123456').waitFor()
    await page.getByRole('button', { name: 'Phone', exact: true, description: '1 unread SMS' }).click()
    const log = page.getByRole('complementary', { name: 'Phone' }).getByRole('log', { name: 'SMS' })
    await log.getByText('Your code: 123456').waitFor()
    await log.getByRole('button', { name: '123456' }).click()
    await page.getByRole('status').getByText('Copied').waitFor()
    await texts('Alice', 'Another code: 654321')
    await log.getByText('Another code: 654321').waitFor()
    expect(await log.getByRole('listitem').allInnerTexts()).toMatchObject([/654321/, /123456/])
    expect(await log.getAttribute('aria-live')).toBe('polite')
    expect(await page.getByText('SMS: Another').count()).toBe(0)
    expect(await button.getAttribute('aria-describedby')).toBeNull()
    await page.getByRole('button', { name: 'Close the phone' }).click()
    await log.waitFor({ state: 'detached' })
  })

  it('is the phone of the person, with what it had received before, in the place of the instruments', async () => {
    await texts('Umid', 'Salom 111111')
    const page = await house.page()
    await page.getByRole('button', { name: 'Main menu' }).click()
    await page.getByRole('menuitem', { name: 'Instruments' }).click()
    await page.getByRole('button', { name: 'Phone', exact: true }).click()
    await page.getByRole('complementary', { name: 'Instruments' }).waitFor({ state: 'detached' })
    const phone = page.getByRole('complementary', { name: 'Phone' })
    await phone.getByText(people[0]?.phone ?? 'nobody').waitFor()
    await page.getByRole('combobox', { name: 'Person' }).selectOption('Umid User')
    await phone.getByText('Salom 111111').waitFor()
    await phone.getByText(people[1]?.phone ?? 'nobody').waitFor()
    expect(await phone.getByRole('listitem').count()).toBe(1)
  })

  it('is at hand in a chat on a narrow screen', async () => {
    await house.bot('Shop', 'shop_bot')
    const page = await house.page('#/chat/shop_bot')
    await page.setViewportSize({ width: 390, height: 800 })
    await page.getByRole('heading', { name: 'Shop' }).waitFor()
    await page.getByRole('button', { name: 'Phone', exact: true }).click()
    await page.getByRole('complementary', { name: 'Phone' }).waitFor()
    const box = await page.getByRole('complementary', { name: 'Phone' }).boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390)
  })
})
