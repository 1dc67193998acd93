import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BotAddress, newsFor, type TellBot } from './bot-news.ts'
import { invalid } from './refusal.ts'

/** Which bot hears what an admin does; set on the page, and kept beside the people for their owner's eyes only. */
export class BotSetting {
  readonly #file: string
  #address: BotAddress | undefined

  /** `given` by the environment counts until the page says otherwise. */
  constructor(dir: string, given?: BotAddress) {
    this.#file = join(dir, 'bot.json')
    this.#address = given ?? this.#kept()
  }

  /** Without the key, which nobody needs to see again. */
  shown(): { rookeryUrl: string; bot: string } | null {
    return this.#address ? { rookeryUrl: this.#address.rookeryUrl, bot: this.#address.bot } : null
  }

  set(body: Record<string, unknown>): void {
    const [rookeryUrl, bot, apiKey] = ['rookeryUrl', 'bot', 'apiKey'].map((name) => textIn(body, name)) as [
      string,
      string,
      string,
    ]
    if (!URL.canParse(rookeryUrl) || !/^https?:/.test(rookeryUrl))
      throw invalid('rookeryUrl', 'The address of Rookery begins with http:// or https://')
    this.#address = { rookeryUrl, bot: bot.replace(/^@/, ''), apiKey }
    mkdirSync(join(this.#file, '..'), { recursive: true })
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#address), { mode: 0o600 })
    renameSync(`${this.#file}.new`, this.#file)
  }

  readonly tell: TellBot = async (call, params) => (this.#address ? newsFor(this.#address)(call, params) : undefined)

  #kept(): BotAddress | undefined {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw new Error(`${this.#file} cannot be read (${(error as Error).message}): remove it, and set the bot anew`)
    }
  }
}

function textIn(body: Record<string, unknown>, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || !value.trim()) throw invalid(name, `${name} is needed`)
  return value.trim()
}
