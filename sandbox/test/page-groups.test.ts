import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connectPerson } from '../person.ts'
import { browserIsMissing } from './browser.ts'
import { PageFixture, says, sees } from './page-fixture.ts'

/** The line in the open chat that tells of it. */
const happened = (page: Page, what: string) => page.getByRole('log').getByText(what).waitFor()

describe.skipIf(browserIsMissing())('the page, with groups', () => {
  let house: PageFixture
  beforeAll(async () => {
    house = await PageFixture.open()
  })
  afterEach(() => house?.closePages())
  afterAll(() => house?.close())

  it('makes a group, in which people and bots talk, and which becomes a supergroup', async () => {
    const bot = await house.bot('Night guard', 'guard_bot')
    const [alice, umid] = await Promise.all([house.page(), house.page('#/as/5000000002')])
    await alice.getByRole('button', { name: 'Main menu' }).click()
    await alice.getByRole('menuitem', { name: 'New group' }).click()
    const dialog = alice.getByRole('dialog', { name: 'New group' })
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Night shift')
    await dialog.getByRole('checkbox', { name: 'Umid' }).check()
    await dialog.getByRole('searchbox', { name: 'Find people and bots' }).fill('guard')
    await dialog.getByRole('checkbox', { name: 'Night guard' }).check()
    await dialog.getByRole('button', { name: 'Create' }).click()
    await alice.getByRole('heading', { name: 'Night shift' }).waitFor()
    expect((await bot.hears()).my_chat_member?.new_chat_member.status).toBe('member')
    expect((await bot.hears()).message?.group_chat_created).toBe(true)

    await umid.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: 'Night shift' }).click()
    await says(umid, '/who@guard_bot')
    const { message } = await bot.hears()
    const inline_keyboard = [[{ text: 'Me', callback_data: 'me' }]]
    await bot.call('sendMessage', {
      chat_id: message?.chat.id,
      text: 'Who is here?',
      reply_markup: { inline_keyboard },
    })
    const asked = await sees(alice, 'Night guard', 'Who is here?')
    await asked.getByRole('button', { name: 'Me' }).click()
    expect((await bot.hears()).callback_query?.from.first_name).toBe('Alice')
    await sees(alice, 'Umid User', '/who')

    await umid.getByRole('textbox', { name: 'Message' }).fill('not sent yet')
    await alice.getByRole('button', { name: 'Chat menu' }).click()
    await alice.getByRole('menuitem', { name: 'Make it a supergroup' }).click()
    await alice.getByRole('dialog').getByRole('button', { name: 'Make it a supergroup' }).click()
    await happened(umid, 'The group is a supergroup now')
    await umid.waitForURL(/chat\/-100/)
    expect(await umid.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('not sent yet')
  })

  it('shows who is in it, gives rights, removes, renames and leaves', async () => {
    const { url } = house.sandbox
    const umids = await connectPerson(url, 'Umid')
    const group = await umids.group('Warehouse', { members: ['alice'] })
    await group.promotes('alice')
    const [alice, umid] = await Promise.all([house.page(`#/chat/${group.id}`), house.page(`#/as/${umids.person.id}`)])
    await alice.getByRole('button', { name: '2 members' }).click()
    await alice.getByRole('button', { name: 'Add members' }).click()
    await alice.getByRole('checkbox', { name: 'Night guard' }).check()
    await alice.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
    await alice.getByRole('button', { name: '3 members' }).click()
    const star = alice.getByRole('button', { name: 'Administrator: Night guard' })
    await star.click()
    await alice.getByText('administrator · bot').waitFor()
    expect(await star.getAttribute('aria-pressed')).toBe('true')
    await alice.getByRole('button', { name: 'Remove Night guard' }).click()
    await star.waitFor({ state: 'detached' })
    await alice.keyboard.press('Escape')
    await happened(alice, 'Alice Admin removed Night guard')

    await alice.getByRole('button', { name: 'Chat menu' }).click()
    await alice.getByRole('menuitem', { name: 'Rename' }).click()
    await alice.getByRole('textbox', { name: 'Title' }).fill('Depot')
    await alice.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
    await umid.getByRole('link', { name: 'Depot' }).click()
    await umid.getByRole('button', { name: 'Chat menu' }).click()
    await umid.getByRole('menuitem', { name: 'Leave group' }).click()
    await umid.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await umid.getByRole('link', { name: 'Depot' }).waitFor({ state: 'detached' })
    await happened(alice, 'Umid User left the group')
    await umids.close()
  })

  it('says when one was removed from the open group', async () => {
    const alice = await connectPerson(house.sandbox.url, 'Alice')
    const group = await alice.group('Short stay', { members: ['umid'] })
    const umid = await house.page(`#/as/5000000002/chat/${group.id}`)
    await umid.getByRole('heading', { name: 'Short stay' }).waitFor()
    await group.removes('umid')
    await umid.getByRole('heading', { name: 'You are not in this group' }).waitFor()
    await alice.close()
  })

  it('is light or dark as the system, or as it was told, also after a reload', async () => {
    const page = await house.page()
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await paper()
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await paper()
    expect(dark).not.toBe(light)
    await page.getByRole('button', { name: 'Main menu' }).click()
    await page.getByRole('menuitem', { name: 'Light theme' }).click()
    expect(await paper()).toBe(light)
    await page.reload()
    await page.getByRole('button', { name: 'Main menu' }).click()
    expect(await paper()).toBe(light)
    await page.getByRole('menuitem', { name: "The system's theme" }).click()
    expect(await paper()).toBe(dark)
  })
})
