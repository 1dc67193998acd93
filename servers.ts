import { mongo } from 'mongoose'
import { metabotKind } from './acts/authorise.ts'
import { sealedDirectory } from './acts/bot-directory.ts'
import { renewClaim } from './acts/claim.ts'
import { startLink } from './acts/start-link.ts'
import { channelOf } from './acts/tokens.ts'
import { ConfigError } from './config/errors.ts'
import { t } from './config/i18n.ts'
import { type Locale, locales } from './config/locales.ts'
import type { Settings } from './config/settings.ts'
import { directorySettings } from './directory/settings.ts'
import { Bot, type BotIdentity, type BotRecord } from './models/bot.ts'
import { Right } from './models/right.ts'
import { type RateLimits, Server, type ServerRecord, sandboxId } from './models/server.ts'

/** Telegram's figures; they are no contract, a 429 is obeyed besides. */
const telegramLimits: RateLimits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }

export type Claim = { code: string; link: string }

/** A server that is on, with the token of its Metabot. What its record leaves out stays as another process wrote it. */
export type ServerPlan = { record: ServerRecord; metabotToken: string }

/** The sandbox as a server, as its switch for limits stands now. Its Metabot is made sure of by the sandbox itself. */
export async function sandboxPlan(url: string): Promise<ServerPlan> {
  const { token } = await askSandbox<{ token: string }>(url, 'bots', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Metabot', username: 'metabot' }),
  })
  const { on } = await askSandbox<{ on: boolean }>(url, 'limits/0')
  return {
    record: { _id: sandboxId, channel: 'telegram', apiRoot: url, limits: on ? telegramLimits : null },
    metabotToken: token,
  }
}

async function askSandbox<Answer>(url: string, path: string, request?: RequestInit): Promise<Answer> {
  const answer = await fetch(`${url}/api/${path}`, request).catch(({ cause }) => {
    const reason = cause instanceof Error ? cause.message : 'unreachable'
    throw new ConfigError(`SANDBOX_URL: no sandbox answers at ${url} (${reason}); start one with npm run sandbox`)
  })
  if (!answer.ok) throw new Error(`The sandbox refused ${path}: ${await answer.text()}`)
  return answer.json() as Promise<Answer>
}

/** The server behind an API root of Telegram's, named by its address: whoever owns Metabot there owns nothing elsewhere. */
export function telegramPlan(apiRoot: string, metabotToken: string): ServerPlan {
  return {
    record: { _id: apiRoot.replace(/^https?:\/\//, ''), channel: 'telegram', apiRoot, limits: telegramLimits },
    metabotToken,
  }
}

/** Brings the records of a server and its Metabot in line with the plan, and makes a claim code while Metabot has no owner. */
export async function settle(plan: ServerPlan, settings: Settings): Promise<Claim | undefined> {
  const { record } = plan
  await Server.updateOne({ _id: record._id }, { $set: record }, { upsert: true })
  const metabot = await settleMetabot(plan, settings)
  return (await Right.hasOwner(record._id)) ? undefined : newClaim(record, metabot)
}

/** What the bots of the sandbox ask that have no directory of their own; undefined: nothing. */
export async function settleDirectory(directory: { url: string; token: string } | undefined): Promise<void> {
  const sealed =
    directory && sealedDirectory(directorySettings.parse({ baseUrl: directory.url, token: directory.token }))
  await Server.updateOne({ _id: sandboxId }, sealed ? { $set: { directory: sealed } } : { $unset: { directory: 1 } })
}

/** A new claim code for each Metabot of this store, in place of the last; with an owner there already, it makes another. */
export async function renewClaims(): Promise<(Claim & { server: string; owned: boolean })[]> {
  const claims = []
  for (const record of await Server.find().lean<ServerRecord[]>()) {
    const metabot = await Bot.theOne(record._id, metabotKind)
    if (!metabot) continue
    const owned = await Right.hasOwner(record._id)
    claims.push({ ...(await newClaim(record, metabot)), server: record._id, owned })
  }
  return claims
}

/** Makes a code, and the link that opens a chat with Metabot and hands it over. */
async function newClaim(server: ServerRecord, metabot: BotIdentity): Promise<Claim> {
  const code = await renewClaim(server._id)
  return { code, link: startLink(server, metabot, code) }
}

async function settleMetabot({ record, metabotToken }: ServerPlan, { defaultLocale }: Settings) {
  const server = record._id
  const known = await Bot.named(server, metabotToken.split(':')[0] ?? '')
  const identity = await identityOf(server, metabotToken, known)
  if (known && known.kind !== metabotKind) {
    throw new ConfigError(
      `METABOT_TOKEN: @${identity.username} is a bot that Metabot runs; Metabot needs one of its own`,
    )
  }
  await Bot.restOthers(server, metabotKind, identity.botId)
  if (!identity.description) await introduce(server, metabotToken, defaultLocale)
  if (!known) return addMetabot({ server, kind: metabotKind, locale: defaultLocale, ...identity }, metabotToken)
  if (Bot.token(known) !== metabotToken) await Bot.replaceToken(known._id, identity, metabotToken)
  else if (known.tokenDeadSince || known.switchedOff)
    await Bot.change(known._id, { tokenDeadSince: null, switchedOff: false })
  return known
}

/** Adds it, unless another process that starts on the same store was faster. */
async function addMetabot(bot: Parameters<typeof Bot.add>[0], token: string): Promise<BotRecord> {
  try {
    return await Bot.add(bot, token)
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError && error.code === 11000)) throw error
    return Bot.named(bot.server, bot.botId).orFail()
  }
}

/** Gives Metabot what a chat with it shows before its Start button, unless somebody has described it. What fails is not needed. */
async function introduce(server: string, token: string, defaultLocale: Locale): Promise<void> {
  const channel = await channelOf(server, token)
  const patience = AbortSignal.timeout(10_000)
  await channel.call('setMyDescription', { description: t(defaultLocale, 'colony.description') }, patience)
  for (const locale of locales) {
    await channel.call(
      'setMyDescription',
      { language_code: locale, description: t(locale, 'colony.description') },
      patience,
    )
  }
}

/** Who Metabot is. Where the messenger does not answer just now, a Metabot that we know will be there later. */
async function identityOf(server: string, token: string, known: BotIdentity | null): Promise<BotIdentity> {
  const asked = await (await channelOf(server, token)).identify(AbortSignal.timeout(10_000))
  if (asked.ok) return asked.result
  if (asked.error_code === 401 || asked.error_code === 404) {
    throw new ConfigError(
      `METABOT_TOKEN: ${server} refuses it (${asked.description}); get the right one from @BotFather`,
    )
  }
  if (known) return known
  throw new ConfigError(
    `TELEGRAM_API_ROOT: ${server} does not answer (${asked.description}); Metabot's first start needs it`,
  )
}
