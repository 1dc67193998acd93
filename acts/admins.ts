import { tAll } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Right, type RightRecord, type Role } from '../models/right.ts'
import { type Admin, actorOf, authorise, authoriseForAll } from './authorise.ts'
import { withdrawWhatMayNotBe } from './invitations.ts'
import { nameOf, namesOf } from './names.ts'
import { tellByMetabot } from './tell.ts'

/** One right with the bot that it is for; `null` is all of them. */
export type HeldRight = { role: Role; bot: BotRecord | null }
/** Somebody who has rights, by the name they have in Metabot. */
export type AdminEntry = { personId: number; name: string; username: string | undefined; rights: HeldRight[] }
/** What a list of admins is about: a bot, or the whole server. */
export type Scope = BotRecord | null

/**
 * What a list of admins is about, for whoever has at least this role there: a bot by its id, or all (an empty id).
 * @throws UserError when they have not
 */
export async function scopeOf(admin: Admin, botId: string, role: Role): Promise<Scope> {
  if (botId) return authorise(admin, botId, role)
  await authoriseForAll(admin, role)
  return null
}

/** Whether somebody owns a bot, or all of them. */
export function owns({ server, personId }: Admin, scope: Scope): Promise<boolean> {
  return Right.holds(server, personId, scope?._id ?? null, 'owner')
}

/** Who has which right to a bot (those to all count), or to anything on the server; in the order they came. */
export async function adminsOf(admin: Admin, botId: string): Promise<{ scope: Scope; admins: AdminEntry[] }> {
  const { server } = admin
  const scope = await scopeOf(admin, botId, 'admin')
  const rights = scope ? await Right.toBot(server, scope._id) : await Right.onServer(server)
  return { scope, admins: await entriesOf(server, rights) }
}

/** @throws UserError when this person has no right there (any more) */
export async function adminOf(
  admin: Admin,
  botId: string,
  personId: number,
): Promise<{ scope: Scope; entry: AdminEntry }> {
  const { scope, admins } = await adminsOf(admin, botId)
  const entry = admins.find((one) => one.personId === personId)
  if (!entry) throw new UserError('error.adminGone')
  return { scope, entry }
}

/**
 * Takes from somebody the right to a bot, or with an empty id all that they have on the server, and tells them. Who takes it from themselves
 * leaves; then the owners are told.
 * @throws UserError when nobody would own all bots any more, or when they have no such right
 */
export async function removeAdmin(admin: Admin, botId: string, personId: number): Promise<Scope> {
  const { server } = admin
  const leaves = admin.personId === personId
  const scope = await scopeOf(admin, botId, leaves ? 'viewer' : 'owner')
  const held = await Right.of(server, personId)
  const taken = scope ? held.filter(({ bot }) => bot && scope._id.equals(bot)) : held
  if (taken.length === 0) throw new UserError(held.length > 0 && scope ? 'error.rightToAll' : 'error.adminGone')
  await refuseTheLast(server, scope, taken)
  await Audit.record(server, scope?._id ?? null, actorOf(admin), leaves ? 'right.leave' : 'right.remove', { personId })
  await take(server, scope, taken)
  await withdrawWhatMayNotBe({ server, personId })
  await (leaves ? tellOwners(admin, scope) : tellRemoved(admin, scope, personId))
  return scope
}

/** Somebody must own all bots; a bot needs an owner of its own only while nobody does. */
async function refuseTheLast(server: string, scope: Scope, taken: RightRecord[]): Promise<void> {
  const owners = await Right.owners(server, scope?._id ?? null)
  const isTaken = (right: RightRecord) => taken.some((one) => sameRight(one, right))
  if (owners.length > 0 && owners.every(isTaken)) throw new UserError('error.lastOwner')
}

/** Looks again afterwards: of two owners who remove each other at the same moment one at least gets the rights back. */
async function take(server: string, scope: Scope, taken: RightRecord[]): Promise<void> {
  await Right.take(taken)
  if ((await Right.owners(server, scope?._id ?? null)).length > 0) return
  await Right.giveBack(taken)
  throw new UserError('error.lastOwner')
}

function sameRight(a: RightRecord, b: RightRecord): boolean {
  return a.personId === b.personId && String(a.bot) === String(b.bot)
}

async function entriesOf(server: string, rights: RightRecord[]): Promise<AdminEntry[]> {
  const byPerson = Map.groupBy(rights, ({ personId }) => personId)
  const [names, bots] = await Promise.all([namesOf(server, [...byPerson.keys()]), Bot.onServer(server)])
  const botOf = new Map(bots.map((bot) => [String(bot._id), bot]))
  return [...byPerson].map(([personId, held]) => ({
    personId,
    name: names.get(personId)?.name ?? '–',
    username: names.get(personId)?.username ?? undefined,
    // Of a bot that is just being removed nothing is to be said.
    rights: held.flatMap(({ role, bot }) => {
      const found = bot === null ? null : botOf.get(String(bot))
      return found === undefined ? [] : [{ role, bot: found }]
    }),
  }))
}

async function tellRemoved(admin: Admin, scope: Scope, personId: number): Promise<void> {
  const text = scope ? tAll('admins.toldRemovedFromBot', { bot: scope.name }) : tAll('admins.toldRemoved')
  await tellByMetabot(admin.server, [personId], { text }, actorOf(admin))
}

async function tellOwners(admin: Admin, scope: Scope): Promise<void> {
  const { server, personId } = admin
  const owners = (await Right.owners(server, scope?._id ?? null)).map((owner) => owner.personId)
  const name = await nameOf(server, personId)
  const text = scope ? tAll('admins.toldLeftBot', { name, bot: scope.name }) : tAll('admins.toldLeft', { name })
  await tellByMetabot(server, [...new Set(owners)], { text }, actorOf(admin))
}
