import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { type Sandbox, startSandbox } from '../server.ts'
import { openBrowser } from './browser.ts'
import { RawBot } from './raw-bot.ts'

/** A sandbox with a browser before it; each page is a person's own device. */
export class PageFixture {
  readonly browser: Browser
  readonly dir: string
  sandbox: Sandbox
  readonly #contexts: BrowserContext[] = []

  private constructor(browser: Browser, dir: string, sandbox: Sandbox) {
    this.browser = browser
    this.dir = dir
    this.sandbox = sandbox
  }

  static async open(): Promise<PageFixture> {
    const dir = await mkdtemp(join(tmpdir(), 'page-'))
    const sandbox = await startSandbox({ dir, port: 0 })
    return new PageFixture(await openBrowser(), dir, sandbox)
  }

  bot(name: string, username: string): Promise<RawBot> {
    return RawBot.in(this.sandbox.url, name, username)
  }

  async page(address = ''): Promise<Page> {
    const context = await this.browser.newContext({ permissions: ['clipboard-write'] })
    this.#contexts.push(context)
    context.setDefaultTimeout(8_000)
    const page = await context.newPage()
    await page.goto(`${this.sandbox.url}/${address}`)
    return page
  }

  async restartSandbox(whileDown: () => Promise<void>): Promise<void> {
    const { port } = this.sandbox
    await this.sandbox.close()
    await whileDown()
    this.sandbox = await startSandbox({ dir: this.dir, port })
  }

  async closePages(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
  }

  async close(): Promise<void> {
    await this.browser.close()
    await this.sandbox.close()
    await rm(this.dir, { recursive: true })
  }
}

/** Presses Start and answers with the chat that the bot sees. */
export async function startsChat(page: Page, bot: RawBot): Promise<number> {
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  const { message } = await bot.hears()
  if (!message?.text?.startsWith('/start')) throw new Error('The bot heard no /start')
  return message.chat.id
}

export async function says(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
}

/** The newest message that this sender wrote and that holds the text. */
export function sees(page: Page, sender: string, text: string | RegExp): Promise<Locator> {
  const message = page.getByRole('article', { name: sender }).filter({ hasText: text }).last()
  return message.waitFor().then(() => message)
}
