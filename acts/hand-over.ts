import { randomUUID } from 'node:crypto'
import { isValidObjectId } from 'mongoose'
import { limits } from '../bot-api/limits.ts'
import { tAll } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { encode } from '../models/callback-data.ts'
import { Invitation, type InvitationRecord } from '../models/invitation.ts'
import { Right } from '../models/right.ts'
import { storeTime } from '../models/store-clock.ts'
import { type Accepted, accept, whyNot } from './accept-invitation.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { type InvitationLink, invitationValidForMs, makeLink } from './invitations.ts'
import { nameOf, namesOf } from './names.ts'
import { tellByMetabot } from './tell.ts'

/** The admins of a server whom an owner may hand a bot over to: all but themselves. */
export async function heirsOf(admin: Admin, botId: string) {
  const bot = await authorise(admin, botId, 'owner')
  const rights = await Right.onServer(admin.server)
  const others = [...new Set(rights.map(({ personId }) => personId))].filter((one) => one !== admin.personId)
  return { bot, heirs: [...(await namesOf(admin.server, others)).values()] }
}

/**
 * Offers a bot to another admin of the server, in place of an earlier offer by the same owner. Until the other accepts nothing changes.
 * @throws UserError when the other is no admin here
 */
export async function offerBot(admin: Admin, botId: string, to: number): Promise<void> {
  const { bot, heirs } = await heirsOf(admin, botId)
  if (!heirs.some(({ personId }) => personId === to)) throw new UserError('error.adminGone')
  await Invitation.dropOffers(bot._id, admin.personId)
  const madeAt = storeTime()
  const expiresAt = new Date(madeAt.getTime() + invitationValidForMs)
  const offer = { ...offerOf(admin, bot), madeAt, expiresAt }
  const { _id } = await Invitation.make(offer, { to })
  await Audit.record(bot.server, bot._id, actorOf(admin), 'hand-over.offer', { personId: to })
  await tellOf(admin, bot, { id: String(_id), to })
}

/** Offers a bot to whoever opens a link first, in place of an earlier offer by the same owner. */
export async function offerBotByLink(admin: Admin, botId: string): Promise<InvitationLink> {
  const bot = await authorise(admin, botId, 'owner')
  await Invitation.dropOffers(bot._id, admin.personId)
  const { link, days } = await makeLink(admin, offerOf(admin, bot), invitationValidForMs)
  await Audit.record(bot.server, bot._id, actorOf(admin), 'hand-over.offer-by-link')
  return { link, days }
}

/** @throws UserError when the offer is over, or is another's */
export async function acceptOffer(admin: Admin, id: string): Promise<Accepted> {
  return accept(admin, await offerTo(admin, id))
}

/** @throws UserError when the offer is over, or is another's */
export async function declineOffer(admin: Admin, id: string): Promise<void> {
  const { server, personId } = admin
  const offer = await offerTo(admin, id)
  if (!(await Invitation.end(id, 'declined'))) throw whyNot((await Invitation.byId(id)) ?? offer)
  const name = await nameOf(server, personId)
  for (const bot of offer.bots ?? []) await Audit.record(server, bot, actorOf(admin), 'hand-over.decline')
  await tellByMetabot(server, [offer.madeBy], { text: tAll('offer.toldDeclined', { name }) }, actorOf(admin))
}

function offerOf({ server, personId }: Admin, bot: BotRecord) {
  const wish = `hand-over:${randomUUID()}`
  return { purpose: 'hand-over' as const, role: 'owner' as const, bots: [bot._id], server, madeBy: personId, wish }
}

async function offerTo({ server, personId }: Admin, id: string): Promise<InvitationRecord> {
  const offer = isValidObjectId(id) ? await Invitation.byId(id) : null
  if (offer?.server !== server || offer.to !== personId) throw new UserError('error.invitationOver')
  return offer
}

async function tellOf(admin: Admin, bot: BotRecord, { id, to }: { id: string; to: number }): Promise<void> {
  const press = (menu: string) => encode({ menu, args: [id] }, limits.callbackDataBytes)
  const buttons = [
    [
      { text: tAll('offer.accept'), data: await press('offer.accept') },
      { text: tAll('offer.decline'), data: await press('offer.decline') },
    ],
  ]
  const { name, username } = bot
  const giver = await nameOf(admin.server, admin.personId)
  const text = tAll('offer.toldOffered', { giver, name, username })
  await tellByMetabot(admin.server, [to], { text, buttons }, actorOf(admin))
}
