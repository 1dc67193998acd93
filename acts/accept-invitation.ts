import { tAll } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import type { BotRecord } from '../models/bot.ts'
import { Invitation, type InvitationRecord, type InvitedRole } from '../models/invitation.ts'
import { Right } from '../models/right.ts'
import { storeTime } from '../models/store-clock.ts'
import { Tries } from '../models/tries.ts'
import { type Admin, actorOf } from './authorise.ts'
import { mayGive, recordFor, withBots } from './invitations.ts'
import { nameOf } from './names.ts'
import { rightInWords } from './right-in-words.ts'
import { tellByMetabot } from './tell.ts'

/** What somebody has got; `again` when they had accepted it before. */
export type Accepted = { role: InvitedRole; bots: BotRecord[] | null; again: boolean }

/**
 * Accepts the invitation of a link, for the first who opens it. Five wrong codes a day are a person's tries.
 * @throws UserError saying what is wrong with the link, or that its opener has what it gives already; then it stays as it was
 */
export async function openLink(admin: Admin, code: string): Promise<Accepted> {
  const { server, personId } = admin
  if (!(await Tries.count(server, personId))) throw new UserError('invitation.noTriesLeft')
  const invitation = await Invitation.byCode(server, code)
  if (!invitation) throw new UserError('invitation.unknown')
  await Tries.takeBack(server, personId)
  return accept(admin, invitation)
}

/**
 * Gives what an invitation offers, once; who hands a bot over becomes an admin of it. What broke off is completed by a repeat of the same
 * person, which may tell twice.
 * @throws UserError when it is over
 */
export async function accept(admin: Admin, invitation: InvitationRecord): Promise<Accepted> {
  const { server, personId } = admin
  const [{ bots } = { bots: null }] = await withBots(server, [invitation])
  const accepted = { role: invitation.role, bots }
  const again = invitation.acceptedBy === personId
  if (again && invitation.settledAt) {
    if ((await Right.of(server, personId)).length === 0) throw whyNot(invitation)
    return { ...accepted, again }
  }
  if (!again) await claim(admin, invitation)
  await give(admin, invitation, bots)
  await Invitation.settle(invitation._id)
  return { ...accepted, again }
}

/** Makes it this person's, so that nobody else can accept it. */
async function claim(admin: Admin, invitation: InvitationRecord): Promise<void> {
  const { _id, server, madeBy, purpose } = invitation
  if (invitation.state !== 'open' || invitation.expiresAt <= storeTime()) throw whyNot(invitation)
  if (!(await mayGive({ server, personId: madeBy }, invitation))) throw whyNot({ ...invitation, state: 'withdrawn' })
  if (purpose === 'hand-over' && madeBy === admin.personId) throw new UserError('offer.yourOwn')
  if (purpose === 'invite' && (await holdsAll(admin, invitation))) throw new UserError('invitation.held')
  if (!(await Invitation.accept(_id, admin.personId))) throw whyNot((await Invitation.byId(_id)) ?? invitation)
}

async function give(admin: Admin, invitation: InvitationRecord, bots: BotRecord[] | null): Promise<void> {
  const { server, personId } = admin
  const { role, purpose, madeBy } = invitation
  for (const bot of bots ?? [null]) await Right.raise(server, personId, bot?._id ?? null, role)
  // After the other has it: the bot is never without an owner.
  if (purpose === 'hand-over') for (const bot of bots ?? []) await Right.lower(server, madeBy, bot._id)
  await recordFor(invitation, admin, `${purpose === 'invite' ? 'invitation' : 'hand-over'}.accept`)
  const name = await nameOf(server, personId)
  const text = tAll(purpose === 'invite' ? 'invitation.toldAccepted' : 'offer.toldAccepted', (locale) => ({
    name,
    right: rightInWords(locale, role, bots),
  }))
  await tellByMetabot(server, [madeBy], { text }, actorOf(admin))
}

async function holdsAll({ server, personId }: Admin, { bots, role }: InvitationRecord): Promise<boolean> {
  const held = await Promise.all((bots ?? [null]).map((bot) => Right.holds(server, personId, bot, role)))
  return held.every(Boolean)
}

/** Why an invitation, or the offer of a bot, can no longer be accepted. */
export function whyNot({ purpose, state }: Pick<InvitationRecord, 'purpose' | 'state'>): UserError {
  const how = { open: 'expired', accepted: 'spent', declined: 'declined', withdrawn: 'withdrawn' } as const
  if (purpose === 'hand-over') return new UserError(`offer.${how[state]}`)
  // Nobody declines a link.
  return new UserError(`invitation.${state === 'declined' ? 'withdrawn' : how[state]}`)
}
