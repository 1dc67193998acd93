import type { Types } from 'mongoose'
import { UserError } from '../config/user-error.ts'
import { type ActName, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Invitation, type InvitationRecord, type InvitedRole } from '../models/invitation.ts'
import { Right } from '../models/right.ts'
import { Server, type ServerRecord } from '../models/server.ts'
import { storeTime } from '../models/store-clock.ts'
import { type Admin, actorOf, authorise, authoriseForAll, metabotKind } from './authorise.ts'
import { makeCode, normalised } from './code.ts'
import { startLink } from './start-link.ts'

const dayMs = 86_400_000
export const invitationValidForMs = 7 * dayMs

/** An invitation with the bots that it is for, of those that are still there; `null` is all. */
export type OpenInvitation = { invitation: InvitationRecord; bots: BotRecord[] | null }
/** `days` is for how long it is valid. */
export type InvitationLink = { link: string; days: number }

/**
 * Makes a link whose first opener gets a right: to some bots, or to all (`null`). The link is in this answer and nowhere else; the same
 * `wish` once more makes no second invitation, but gives the first one another link.
 * @throws UserError when the inviter does not own all of it
 */
export async function invite(
  admin: Admin,
  { role, bots, wish }: { role: InvitedRole; bots: string[] | null; wish: string },
  validForMs = invitationValidForMs,
): Promise<InvitationLink> {
  const ids = bots ? (await Promise.all(bots.map((bot) => authorise(admin, bot, 'owner')))).map(({ _id }) => _id) : null
  if (!ids) await authoriseForAll(admin, 'owner')
  const { invitation, ...made } = await makeLink(admin, { purpose: 'invite', role, bots: ids, wish }, validForMs)
  await recordFor(invitation, admin, 'invitation.make')
  return made
}

/** Keeps an invitation by link, and answers the link. */
export async function makeLink(
  { server, personId }: Admin,
  what: Pick<InvitationRecord, 'purpose' | 'role' | 'bots' | 'wish'>,
  validForMs: number,
): Promise<InvitationLink & { invitation: InvitationRecord }> {
  const code = makeCode()
  const madeAt = storeTime()
  const expiresAt = new Date(madeAt.getTime() + validForMs)
  const fields = { ...what, server, madeBy: personId, madeAt, expiresAt }
  const invitation = await Invitation.make(fields, { code: normalised(code) })
  const [record, metabot] = await Promise.all([
    Server.findById(server).lean<ServerRecord>().orFail(),
    Bot.theOne(server, metabotKind).orFail(),
  ])
  const link = startLink(record, metabot, `${invitationMark}${code}`)
  return { invitation, link, days: Math.round(validForMs / dayMs) }
}

/** What tells an invitation's code behind /start from other words there. */
const invitationMark = 'invite-'

/** The code of an invitation in the words behind /start. */
export function invitationCodeIn(payload: string): string | undefined {
  return payload.toLowerCase().startsWith(invitationMark) ? normalised(payload.slice(invitationMark.length)) : undefined
}

/** The open invitations to a bot, or with an empty id all on the server. */
export async function openInvitations(admin: Admin, botId: string): Promise<OpenInvitation[]> {
  if (botId) await authorise(admin, botId, 'owner')
  else await authoriseForAll(admin, 'owner')
  const open = await Invitation.openOn(admin.server)
  const here = botId ? open.filter(({ bots }) => bots?.some((bot) => bot.equals(botId))) : open
  return withBots(admin.server, here)
}

/** @throws UserError when it is over, or is not for this admin to see */
export async function openInvitation(admin: Admin, id: string): Promise<OpenInvitation> {
  const found = (await Invitation.openOn(admin.server)).filter(({ _id }) => String(_id) === id)
  const [open] = await withBots(admin.server, found)
  if (!open) throw new UserError('error.invitationOver')
  if (!(await mayGive(admin, open.invitation))) throw new UserError('error.noRight')
  return open
}

/** @throws UserError when it is over, or is not for this admin to withdraw */
export async function withdrawInvitation(admin: Admin, id: string): Promise<void> {
  const { invitation } = await openInvitation(admin, id)
  if (!(await Invitation.end(id, 'withdrawn'))) throw new UserError('error.invitationOver')
  await recordFor(invitation, admin, 'invitation.withdraw')
}

/** Withdraws what somebody has offered and, with fewer rights now, could not offer any more. */
export async function withdrawWhatMayNotBe(admin: Admin): Promise<void> {
  const theirs = (await Invitation.openOn(admin.server)).filter(({ madeBy }) => madeBy === admin.personId)
  for (const invitation of theirs)
    if (!(await mayGive(admin, invitation))) await Invitation.end(invitation._id, 'withdrawn')
}

/** Whether somebody owns all that an invitation offers. Of removed bots nothing is left to own. */
export async function mayGive({ server, personId }: Admin, { bots }: InvitationRecord): Promise<boolean> {
  const wanted: (Types.ObjectId | null)[] = bots ?? [null]
  return (await Promise.all(wanted.map((bot) => Right.holds(server, personId, bot, 'owner')))).every(Boolean)
}

/** Records an act on each bot that an invitation is for. */
export async function recordFor({ server, bots, role }: InvitationRecord, admin: Admin, act: ActName): Promise<void> {
  for (const bot of bots ?? [null]) await Audit.record(server, bot, actorOf(admin), act, { role })
}

export async function withBots(server: string, invitations: InvitationRecord[]): Promise<OpenInvitation[]> {
  const here = await Bot.onServer(server)
  return invitations.map((invitation) => ({
    invitation,
    bots: invitation.bots && here.filter(({ _id }) => invitation.bots?.some((bot) => _id.equals(bot))),
  }))
}
