import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browserIsMissing } from './browser.ts'
import { PageFixture, says, sees, startsChat } from './page-fixture.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe.skipIf(browserIsMissing())('the page, over time', () => {
  let house: PageFixture
  beforeAll(async () => {
    house = await PageFixture.open()
  })
  afterEach(() => house?.closePages())
  afterAll(() => house?.close())

  it('shows two people their own side of one bot', async () => {
    const bot = await house.bot('Between', 'between_bot')
    const alice = await house.page('#/chat/between_bot')
    const umid = await house.page()
    await umid.getByRole('combobox', { name: 'Person' }).selectOption('Umid User')
    await umid.getByRole('searchbox', { name: 'Search' }).fill('between')
    await umid.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: 'Between' }).click()
    await startsChat(alice, bot)
    const chat_id = await startsChat(umid, bot)
    await bot.call('sendMessage', { chat_id, text: 'For Umid alone' })
    await sees(umid, 'Between', 'For Umid alone')
    expect(await alice.getByText('For Umid alone').count()).toBe(0)
  })

  it('adds a person and becomes them', async () => {
    const page = await house.page()
    await page.getByRole('button', { name: 'Add a person' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'First name' }).fill('Vera')
    await dialog.getByRole('textbox', { name: 'Phone' }).fill('12')
    await dialog.getByRole('textbox', { name: 'Language' }).fill('ru')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByRole('alert').getByText(/phone/).waitFor()
    await dialog.getByRole('textbox', { name: 'Phone' }).fill('+998901112233')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    const chosen = page.getByRole('combobox', { name: 'Person' }).locator('option:checked')
    expect(await chosen.innerText()).toBe('Vera')
  })

  it('counts what is unread until the chat is opened', async () => {
    const bot = await house.bot('Counter', 'counter_bot')
    const page = await house.page('#/chat/counter_bot')
    const chat_id = await startsChat(page, bot)
    await page.goto(`${house.sandbox.url}/#/chat/BotFather`)
    await page.getByRole('heading', { name: 'BotFather' }).waitFor()
    for (const text of ['one', 'two']) await bot.call('sendMessage', { chat_id, text })
    const line = page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: 'Counter' })
    await line.getByText('2 unread').waitFor()
    await line.click()
    await sees(page, 'Counter', 'two')
    await line.getByText('unread').waitFor({ state: 'detached' })
  })

  it('opens a chat by a link whose payload goes with Start, stops the bot and restarts it', async () => {
    const bot = await house.bot('Linked', 'linked_bot')
    const page = await house.page('#/as/2/chat/linked_bot?start=code-42')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    expect(await bot.hearsText()).toBe('/start code-42')
    await says(page, 'hello')
    await bot.hears()
    await page.getByRole('button', { name: 'Chat menu' }).click()
    await page.getByRole('menuitem', { name: 'Stop bot' }).click()
    expect((await bot.hears()).my_chat_member?.new_chat_member.status).toBe('kicked')
    await page.getByRole('button', { name: 'Restart bot' }).waitFor()
    await page.getByRole('button', { name: 'Chat menu' }).click()
    await page.getByRole('menuitem', { name: 'Restart bot' }).click()
    expect((await bot.hears()).my_chat_member?.new_chat_member.status).toBe('member')
    expect(await bot.hearsText()).toBe('/start')
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
  })

  it('sends a photo with a caption and shows it', async () => {
    const bot = await house.bot('Album', 'album_bot')
    const page = await house.page('#/chat/album_bot')
    await startsChat(page, bot)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach' }).click()
    await (await chooser).setFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png })
    await says(page, 'A dot')
    const { message } = await bot.hears()
    expect(message?.photo?.length).toBe(1)
    expect(message?.caption).toBe('A dot')
    const shown = await sees(page, 'Alice Admin', 'A dot')
    await shown.getByRole('button', { name: 'Open the photo' }).click()
    await page.getByRole('dialog').getByRole('img', { name: 'A dot' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('answers with a file what asks for an answer', async () => {
    const bot = await house.bot('Asker', 'asker_bot')
    const page = await house.page('#/chat/asker_bot')
    const chat_id = await startsChat(page, bot)
    const reply_markup = { force_reply: true, input_field_placeholder: 'Your papers' }
    await bot.call('sendMessage', { chat_id, text: 'Papers, please', reply_markup })
    await page.getByPlaceholder('Your papers').waitFor()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach' }).click()
    await (await chooser).setFiles({ name: 'papers.txt', mimeType: 'text/plain', buffer: Buffer.from('papers') })
    await says(page, 'Here')
    const { message } = await bot.hears()
    expect(message?.document?.file_name).toBe('papers.txt')
    expect(message?.reply_to_message?.text).toBe('Papers, please')
  })

  it('fetches what came while the connection was lost', async () => {
    const bot = await house.bot('Patient', 'patient_bot')
    const page = await house.page('#/chat/patient_bot')
    const chat_id = await startsChat(page, bot)
    await house.restartSandbox(() => page.getByRole('alert').getByText('Connecting again').waitFor())
    await bot.call('sendMessage', { chat_id, text: 'Still here?' })
    await sees(page, 'Patient', 'Still here?')
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })
})
