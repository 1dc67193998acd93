import { exec } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { browserIsMissing, openBrowser } from '../sandbox/test/browser.ts'
import { Messenger } from './journey-messenger.ts'
import { freePorts, type RookeryProcess, startProcess } from './rookery-process.ts'

/** Where the pictures for the README go, made at the usual addresses; without it they are kept only when a step fails. */
const forReadme = process.env.JOURNEY_PICTURES
const shop = { name: 'Lola Flowers', username: 'lola_flowers_bot' }
const alice = 'Alice Admin'
const umid = 'Umid User'

// Each step goes on where the one before has ended.
describe.skipIf(browserIsMissing())(
  'the journey from the first start to a message, on the page alone',
  { timeout: 60_000 },
  () => {
    let dir: string
    let pictures: string
    let env: Record<string, string>
    let rookery: RookeryProcess
    let browser: Browser
    let page: Page
    let chat: Messenger
    let key: string
    let curl: string
    let failed = false

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'rookery-'))
      pictures = forReadme ?? (await mkdtemp(join(tmpdir(), 'rookery-pictures-')))
      env = forReadme ? { PORT: '3000', SANDBOX_PORT: '8081' } : await freePorts()
      rookery = await startProcess({ dir, env })
      browser = await openBrowser()
      const context = await browser.newContext({
        viewport: { width: 1060, height: 720 },
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
      })
      context.setDefaultTimeout(20_000)
      page = await context.newPage()
      chat = new Messenger(page)
      await page.goto(rookery.sandboxUrl)
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
      else if (!forReadme) await rm(pictures, { recursive: true, force: true })
    })

    async function picture(step: string): Promise<void> {
      await page.mouse.move(0, 0)
      if (forReadme) await page.getByText('Copied').waitFor({ state: 'detached' })
      await page.screenshot({ path: join(pictures, `${step}.png`), animations: 'disabled' })
    }

    test('Alice claims Metabot by the code that was printed, after a wrong one', async () => {
      const { code } = await rookery.claim()
      await chat.finds('@metabot', 'Metabot')
      await chat.starts()
      await chat.sees('Metabot', 'Type the claim code')
      await chat.says('AAAA-BBBB-CCCC-DDDD')
      expect(await chat.sees('Metabot', 'This is not the code')).not.toContain(code)
      await chat.says(code)
      await chat.sees('Metabot', 'Welcome, Alice Admin: this colony is yours')
      await chat.sees('Metabot', 'There is no bot in it yet')
      await picture('claim')
    })

    test('BotFather makes a bot, and Metabot runs it once it has the token', async () => {
      await chat.finds('@botfather', 'BotFather')
      await chat.starts()
      await chat.says('/newbot')
      await chat.sees('BotFather', 'Send me its name')
      await chat.says(shop.name)
      await chat.sees('BotFather', 'Now its username')
      await chat.says(shop.username)
      const token = await chat.copies(/^\d+:[\w-]{35}$/)

      await chat.finds('metabot', 'Metabot')
      await chat.presses('Add a bot')
      await chat.sees('Metabot', 'Paste the bot’s token here')
      await chat.pastes()
      expect(await chat.sees('Metabot', 'The messenger knows this bot')).toMatch(
        /Lola Flowers\n@lola_flowers_bot · id \d+/,
      )
      await chat.presses('Notifications')
      await chat.sees('Metabot', /Lola Flowers[\s\S]*It runs/)
      expect(await chat.counts(alice, token)).toBe(0)
      await picture('metabot')
    })

    test('Umid is greeted in Uzbek and gets a key', async () => {
      await chat.becomes(umid)
      await chat.finds('lola', shop.name)
      await chat.starts()
      await chat.sees(shop.name, 'Assalomu alaykum, Umid User! Mening nomim – Lola Flowers.')
      await chat.says('«Mening kalitim».')
      key = /\d{4} \d{4}/.exec(await chat.sees(shop.name, 'Kalitingiz'))?.[0] ?? ''
      expect(key).not.toBe('')
      await picture('key')
    })

    test('Alice connects the key to a user of her system, after seeing whose it is', async () => {
      await chat.becomes(alice)
      await chat.presses('Users')
      await chat.sees('Metabot', '1 person has started this bot')
      await chat.presses('Enter a key')
      await chat.sees('Metabot', 'Type the key')
      await chat.says(key)
      await chat.sees('Metabot', 'Type the user’s id')
      await chat.says('127')
      await chat.sees('Metabot', /This is Umid User[\s\S]*Connect to the user 127\?/)
      await picture('connect')
      await chat.presses('Connect')
      await chat.sees('Metabot', 'Connected as 127')
      await chat.becomes(umid)
      await chat.sees(shop.name, 'Siz 127 sifatida ulandingiz')
    })

    test('an API key comes with a line that works when it is pasted', async () => {
      await chat.becomes(alice)
      await chat.says('/start')
      await chat.sees('Metabot', 'This is your colony: 1 bot.')
      await chat.presses('API keys')
      await chat.sees('Metabot', 'There is no API key yet')
      await chat.presses('New')
      await chat.sees('Metabot', 'What shall the key be called?')
      await chat.says('The shop’s site')
      await chat.presses(shop.name)
      await chat.presses('All endpoints')
      await chat.sees('Metabot', '1 API key')
      await picture('api-key')
      curl = await chat.copies(/^curl /)
      expect(curl).toContain(`${rookery.url}/api/v1/bots/${shop.username}/call/notify`)
      const { stdout } = await promisify(exec)(curl)
      expect(JSON.parse(stdout)).toMatchObject({ success: true, queued: 1 })
      await chat.becomes(umid)
      await chat.sees(shop.name, 'Hello')
    })

    test('another system announces an order and learns that it arrived', async () => {
      const text = { en: 'Order 42 has shipped', uz: '42-buyurtma yoʻlga chiqdi' }
      const buttons = [{ text: 'Qayerda?', url: 'https://example.com/orders/42' }]
      expect(await call('notify', { userIds: [127], text, buttons, reference: 'order-42' })).toMatchObject({
        queued: 1,
      })
      await chat.sees(shop.name, text.uz)
      await expect
        .poll(() => call('notifications/status', { reference: 'order-42' }))
        .toMatchObject({
          counts: { sent: 1 },
          recipients: [{ userId: '127', state: 'sent' }],
        })
      await picture('user')
    })

    test('a bot leaves a group that nobody allowed, and Alice lets it in', async () => {
      await chat.becomes(alice)
      await chat.makesGroup('Night shift', [umid, shop.name])
      await chat.sees(shop.name, /my admins have not allowed/)
      await chat.finds('metabot', 'Metabot')
      await chat.sees('Metabot', /Nobody had allowed that/)
      await picture('chat-refused')
      await chat.presses('Allow in this chat')
      await chat.sees('Metabot', /It is allowed/)
      await chat.opens('Night shift')
      await chat.adds(shop.name)
      await chat.finds('metabot', 'Metabot')
      await chat.says('/bots')
      await chat.sees('Metabot', '1 bot. Pick it')
      await chat.presses(new RegExp(shop.name))
      await chat.presses('Chats')
      await chat.presses(/Night shift/)
      await chat.presses('Name it')
      await chat.sees('Metabot', /What shall this chat be called/)
      await chat.says('night shift')
      await chat.sees('Metabot', /Name for notifications: night shift/)
      await picture('chat-allowed')
      expect(await call('notify', { chats: ['Night Shift'], text: 'Tulips at six' })).toMatchObject({ queued: 1 })
      await chat.opens('Night shift')
      await chat.sees(shop.name, 'Tulips at six')
    })

    test('Alice schedules a message for every weekday', async () => {
      await chat.finds('metabot', 'Metabot')
      await chat.says('/bots')
      await chat.sees('Metabot', '1 bot. Pick it')
      await chat.presses(new RegExp(shop.name))
      await chat.presses('Scheduled')
      await chat.sees('Metabot', /Nothing is scheduled/)
      await chat.presses('New')
      await chat.presses('Asia/Tashkent')
      await chat.sees('Metabot', /What shall the bot say/)
      await chat.says('Good morning! Fresh flowers are in.')
      await chat.presses('Everybody')
      await chat.presses('Every weekday 9:00')
      await chat.presses('Schedule')
      await chat.sees('Metabot', /By: Alice Admin/)
      await picture('schedule')
      await chat.becomes(umid)
      await chat.opens(shop.name)
    })

    test('Ctrl-C ends it, and the next start goes on where this one stopped', async () => {
      expect(await rookery.stop('SIGINT')).toBe(0)
      await page.getByRole('alert').getByText('Connecting again').waitFor()
      rookery = await startProcess({ dir, env })
      await page.getByRole('alert').waitFor({ state: 'detached', timeout: 20_000 })
      expect(rookery.output()).not.toContain('Claim code')

      await page.reload()
      await chat.sees(shop.name, 'Hello')
      await chat.says('mening kalitim')
      await chat.sees(shop.name, /Siz allaqachon ulangansiz/)
      expect(await chat.counts(shop.name, key)).toBe(2)
      expect(await call('notify', { userIds: ['127'], text: 'Gullar keldi' })).toMatchObject({ queued: 1 })
      await chat.sees(shop.name, 'Gullar keldi')
      await picture('restarted')
    })

    /** Calls an endpoint of the bot as another system does, with the key of the line that Metabot gave. */
    async function call(alias: string, params: object): Promise<unknown> {
      const [, authorization = ''] = /'Authorization: (Bearer [^']+)'/.exec(curl) ?? []
      const answer = await fetch(`${rookery.url}/api/v1/bots/${shop.username}/call/${alias}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ script_request_params: params }),
      })
      return answer.json()
    }
  },
)
