import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { browserIsMissing, openBrowser } from '../sandbox/test/browser.ts'
import { Messenger } from './journey-messenger.ts'
import { freePorts, type RookeryProcess, startProcess } from './rookery-process.ts'

/** Where the pictures for the docs go, made at the usual addresses; without it they are kept only when a step fails. */
const forDocs = process.env.JOURNEY_PICTURES
const shop = { name: 'Lola Flowers', username: 'lola_flowers_bot' }
const umid = 'Umid User'

// Each step goes on where the one before has ended. The demo directory knows Umid's phone as that of its user 102.
describe.skipIf(browserIsMissing())(
  'the journey of a stranger who links an account, on the page alone and with no settings made',
  { timeout: 60_000 },
  () => {
    let dir: string
    let pictures: string
    let rookery: RookeryProcess
    let browser: Browser
    let context: BrowserContext
    let page: Page
    let chat: Messenger
    let apiKey: string
    let failed = false

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'rookery-'))
      pictures = forDocs ?? (await mkdtemp(join(tmpdir(), 'rookery-pictures-')))
      const ports = forDocs ? { PORT: '3000', SANDBOX_PORT: '8081', DIRECTORY_PORT: '8090' } : await freePorts()
      // An empty setting is one that was not made.
      rookery = await startProcess({ dir, env: { ...ports, DEMO_DIRECTORY: '' } })
      browser = await openBrowser()
      context = await browser.newContext({
        viewport: { width: 1060, height: 720 },
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
      })
      context.setDefaultTimeout(15_000)
      page = await context.newPage()
      chat = new Messenger(page)
    })
    afterEach(async ({ task }) => {
      failed ||= task.result?.state === 'fail'
      if (failed) await picture('failed')
    })
    afterAll(async () => {
      await browser?.close()
      await rookery?.kill()
      await rm(dir, { recursive: true, force: true })
      if (failed) process.stdout.write(`The pictures of the journey are in ${pictures}\n`)
      else if (!forDocs) await rm(pictures, { recursive: true, force: true })
    })

    async function picture(step: string): Promise<void> {
      await page.mouse.move(0, 0)
      if (forDocs) await page.getByRole('status').getByRole('paragraph').first().waitFor({ state: 'detached' })
      await page.screenshot({ path: join(pictures, `${step}.png`), animations: 'disabled' })
    }

    test('Alice claims Metabot, adds an assistant and makes an API key', async () => {
      await page.goto((await rookery.claim()).link)
      await chat.starts()
      await chat.sees('Metabot', 'this colony is yours')
      await chat.finds('@botfather', 'BotFather')
      await chat.starts()
      await chat.says('/newbot')
      await chat.sees('BotFather', 'Send me its name')
      await chat.says(shop.name)
      await chat.sees('BotFather', 'Now its username')
      await chat.says(shop.username)
      await chat.copies(/^\d+:[\w-]{35}$/)
      await chat.finds('metabot', 'Metabot')
      await chat.presses('Add a bot')
      await chat.sees('Metabot', 'Paste the bot’s token here')
      await chat.pastes()
      await chat.presses('Notifications')
      await chat.sees('Metabot', /Lola Flowers[\s\S]*It runs/)
      await chat.says('/start')
      await chat.sees('Metabot', 'This is your colony: 1 bot.')
      await chat.presses('API keys')
      await chat.sees('Metabot', 'There is no API key yet')
      await chat.presses('New')
      await chat.sees('Metabot', 'What shall the key be called?')
      await chat.says('The shop’s site')
      await chat.presses(shop.name)
      await chat.presses('All endpoints')
      apiKey = await chat.copies(/^rk_/)
    })

    test('Umid links his account by sharing his phone number, and is greeted', async () => {
      await chat.becomes(umid)
      await chat.finds('lola', shop.name)
      await chat.starts()
      await chat.sees(shop.name, 'Assalomu alaykum')
      await chat.presses('Til')
      await chat.presses('English')
      await chat.sees(shop.name, 'From now on I speak English')
      await chat.says('/link')
      await chat.sees(shop.name, /Who are you in the company's system/)
      await chat.taps('Share my phone number')
      await chat.sees(shop.name, 'You are connected as 102')
      await chat.sees(shop.name, /How can I help\?/)
      await picture('link')
    })

    test('My account shows what the directory says of him', async () => {
      await chat.presses('My account')
      const account = await chat.sees(shop.name, 'Your account: 102')
      expect(account).toMatch(/Name: Umid User[\s\S]*umid@example.com[\s\S]*Uzbekistan, Tashkent/)
      await picture('account')
      await chat.presses('« Back')
      await chat.sees(shop.name, 'How can I help?')
    })

    test('paused he gets nothing, and resumed he is given what waited', async () => {
      await chat.says('/pause')
      await chat.presses('1 hour')
      await chat.sees(shop.name, 'I send you nothing until')
      expect(await call('notify', { userIds: [102], text: 'Tulips have come' })).toMatchObject({ success: true })
      expect(await call('notify', { userIds: [102], text: 'So have roses' })).toMatchObject({ success: true })
      await picture('pause')
      await chat.says('/resume')
      await chat.sees(shop.name, 'While you were away, 2 messages waited for you')
      expect(await chat.counts(shop.name, /Tulips|roses/)).toBe(0)
      await chat.presses('Show them (2)')
      await chat.sees(shop.name, /Tulips have come[\s\S]*So have roses/)
      await picture('resumed')
    })

    test('he unlinks, and links again by his ID and the code in an SMS', async () => {
      await chat.says('/account')
      await chat.sees(shop.name, 'Your account: 102')
      await chat.presses('Unlink')
      await chat.sees(shop.name, 'Shall the connection with your account end?')
      await chat.presses('Unlink')
      await chat.sees(shop.name, 'You are disconnected from your account')
      await chat.presses('Link my account')
      // The same question stands above; the keyboard is there for this one alone.
      await page.getByRole('group', { name: 'Keyboard' }).waitFor()
      await chat.says('102')
      await chat.sees(shop.name, 'a code of six digits is on its way')
      const code = await chat.readsCode()
      expect(code).toMatch(/^\d{6}$/)
      await picture('sms')
      await chat.says(code)
      await chat.sees(shop.name, 'You are connected as 102 again')
      await chat.closesPhone()
      await picture('linked-again')
    })

    test('Zarina, whom nobody knows, registers by answering, and unlinks', async () => {
      await chat.invents('Zarina', 'Karimova')
      await chat.finds('lola', shop.name)
      await chat.starts()
      await chat.presses('Register')
      await chat.sees(shop.name, 'Let us begin with your phone number')
      await chat.taps('Share my phone number')
      await chat.sees(shop.name, 'What is your first name?')
      await chat.says('Zarina')
      await chat.sees(shop.name, 'What is your last name?')
      await chat.says('Karimova')
      await chat.sees(shop.name, 'What is your e-mail address?')
      await chat.says('zarina@example.com')
      await chat.sees(shop.name, 'Where do you live?')
      await chat.says('Uzbekistan, Samarkand')
      await chat.sees(shop.name, /Please check it[\s\S]*zarina@example.com[\s\S]*Samarkand/)
      await picture('register')
      await chat.presses('Send')
      await chat.sees(shop.name, /You are connected as \d+/)
      await chat.presses('My account')
      await chat.sees(shop.name, 'Name: Zarina Karimova')
      await chat.presses('Unlink')
      await chat.sees(shop.name, 'Shall the connection with your account end?')
      await chat.presses('Unlink')
      await chat.sees(shop.name, 'You are disconnected from your account')
      await picture('unlinked')
    })

    test('the directory’s page shows who is connected, and what is done there reaches Umid', async () => {
      const [, directoryUrl = ''] = await rookery.says(/^Directory: (\S+)$/m)
      const admin = await context.newPage()
      await admin.goto(directoryUrl)
      const connected = (name: string) =>
        admin
          .getByRole('row')
          .filter({ hasText: name })
          .getByRole('cell', { name: /^connected/ })
      await connected('Umid User').waitFor()
      // A job tells the directory who has unlinked.
      await expect
        .poll(
          async () => {
            await admin.reload()
            await connected('Umid User').waitFor()
            return connected('Zarina Karimova').count()
          },
          { timeout: 15_000, interval: 500 },
        )
        .toBe(0)
      await admin.getByRole('button', { name: 'Set the bot' }).click()
      const dialog = admin.getByRole('dialog')
      await dialog.getByLabel('Address of Rookery').fill(rookery.url)
      await dialog.getByRole('textbox', { name: 'Bot' }).fill(shop.username)
      await dialog.getByLabel('API key').fill(apiKey)
      await dialog.getByRole('button', { name: 'Save' }).click()
      await admin.getByRole('button', { name: 'Block Umid User' }).click()
      await dialog.getByLabel('Reason').fill('Unpaid orders')
      await dialog.getByRole('button', { name: 'Block' }).click()
      await admin.getByRole('status').getByText('The bot was told').waitFor()
      await admin.screenshot({ path: join(pictures, 'directory.png') })

      await chat.becomes(umid)
      await chat.sees(shop.name, 'Your account was blocked. The reason: Unpaid orders')
      await picture('blocked')
      await admin.getByRole('button', { name: 'Unblock Umid User' }).click()
      await chat.sees(shop.name, 'Your account is not blocked any more')
      await picture('unblocked')
    })

    /** Calls an endpoint of the bot as another system does. */
    async function call(alias: string, params: object): Promise<unknown> {
      const answer = await fetch(`${rookery.url}/api/v1/bots/${shop.username}/call/${alias}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ script_request_params: params }),
      })
      return answer.json()
    }
  },
)
