import type { Types } from 'mongoose'
import { publicUrl } from '../config/public-url.ts'
import { UserError } from '../config/user-error.ts'
import { ApiKey, type ApiKeyRecord } from '../models/api-key.ts'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Person } from '../models/person.ts'
import { Right } from '../models/right.ts'
import { type Admin, actorOf, authorise, authoriseForAll, rightsOf } from './authorise.ts'
import { visibleBots } from './bot-views.ts'

type NewKey = {
  name: string
  bots: string[] | null
  /** The endpoints that it may call; left out, all of them. */
  endpoints?: string[] | null
  wish: string
}

/**
 * Makes a key for some bots, or for all (`null`). The secret is in this answer and nowhere else; the same `wish`
 * once more makes no second
 * key, but gives the first one another secret.
 */
export async function makeApiKey(
  admin: Admin,
  { name, bots, endpoints = null, wish }: NewKey,
): Promise<{ id: string; secret: string } & Trial> {
  const chosen = await allowed(admin, bots)
  const ids = chosen?.map(({ _id }) => _id) ?? null
  const { server, personId: madeBy } = admin
  const { secret, record } = await ApiKey.make({ server, name, bots: ids, endpoints, madeBy, wish })
  await Audit.record(server, null, actorOf(admin), 'api-key.make', { key: record._id, bots: ids, endpoints })
  const [example] = chosen ?? (await visibleBots(admin))
  return { id: String(record._id), secret, ...(await trialOf(record, secret, example)) }
}

/**
 * The keys that an admin may see: those whose every bot is theirs. Removed bots do not count; whose bots are all
 * removed, its maker sees.
 * @throws UserError to a stranger
 */
export async function apiKeys(admin: Admin): Promise<ApiKeyRecord[]> {
  await rightsOf(admin)
  const [keys, bots] = await Promise.all([ApiKey.ofServer(admin.server), Bot.onServer(admin.server)])
  const here = new Set(bots.map(({ _id }) => String(_id)))
  const seen = await Promise.all(keys.map((key) => sees(admin, key, here)))
  return keys.filter((_, index) => seen[index])
}

/** @throws UserError when there is no such key, or not for this admin */
export async function apiKey(admin: Admin, id: string): Promise<{ key: ApiKeyRecord; bots: BotRecord[] | null }> {
  const key = (await apiKeys(admin)).find(({ _id }) => String(_id) === id)
  if (!key) throw new UserError('error.apiKeyGone')
  const { bots } = key
  if (!bots) return { key, bots: null }
  const visible = await visibleBots(admin)
  return { key, bots: visible.filter(({ _id }) => bots.some((bot) => _id.equals(bot))) }
}

export async function revokeApiKey(admin: Admin, id: string): Promise<void> {
  const { key } = await apiKey(admin, id)
  await ApiKey.revoke(key._id)
  await Audit.record(admin.server, null, actorOf(admin), 'api-key.revoke', { key: key._id })
}

async function allowed(admin: Admin, bots: string[] | null): Promise<BotRecord[] | null> {
  if (bots) return Promise.all(bots.map((bot) => authorise(admin, bot, 'admin')))
  await authoriseForAll(admin, 'admin')
  return null
}

async function sees({ server, personId }: Admin, key: ApiKeyRecord, here: ReadonlySet<string>): Promise<boolean> {
  const holds = (bot: Types.ObjectId | null) => Right.holds(server, personId, bot, 'admin')
  if (await holds(null)) return true
  if (!key.bots) return false
  const left = key.bots.filter((bot) => here.has(String(bot)))
  return left.length > 0 ? (await Promise.all(left.map(holds))).every(Boolean) : key.madeBy === personId
}

/**
 * A command line that says hello by a bot to a user; `linked` if somebody is connected as this user, else the id is
 * an example. A key that
 * may not notify asks what it may, and there is no user.
 */
type Trial = { curl: string; userId: string | null; linked: boolean }

async function trialOf(key: ApiKeyRecord, secret: string, bot: BotRecord | undefined): Promise<Trial> {
  const authorization = `-H 'Authorization: Bearer ${secret}'`
  if (!ApiKey.mayCall(key, 'notify'))
    return { curl: `curl ${publicUrl()}/api/v1/me ${authorization}`, userId: null, linked: false }
  const person = bot && (await Person.findOne({ bot: bot._id, userId: { $exists: true } }).lean())
  const userId = person?.userId ?? '127'
  const body = JSON.stringify({ script_request_params: { userIds: [userId], text: 'Hello' } })
  const curl = [
    `curl ${publicUrl()}/api/v1/bots/${bot?.username ?? 'your_bot'}/call/notify`,
    authorization,
    `-H 'Content-Type: application/json'`,
    `-d '${body.replaceAll("'", "'\\''")}'`,
  ].join(' ')
  return { curl, userId, linked: Boolean(person) }
}
