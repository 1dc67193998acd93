import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { openLink } from '../acts/accept-invitation.ts'
import { removeAdmin } from '../acts/admins.ts'
import type { Admin } from '../acts/authorise.ts'
import { acceptOffer } from '../acts/hand-over.ts'
import { invitationCodeIn, invite } from '../acts/invitations.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { Audit } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { Invitation } from '../models/invitation.ts'
import { Right } from '../models/right.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'

let colony: Colony
let metabot: PersonChat
let alice: Admin
let shop: string
let bank: string
let last = 0

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  await colony.admin.chat('metabot').sends('/start')
  await colony.addBot({ name: 'Bank', username: 'bank_bot', kind: 'Notifications' })
  const ids = ['shop_bot', 'bank_bot'].map(async (name) => String((await Bot.named('sandbox', name).orFail())._id))
  ;[shop, bank] = (await Promise.all(ids)) as [string, string]
  alice = { server: 'sandbox', personId: colony.admin.person.id }
  metabot = colony.admin.chat('metabot')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await Right.deleteMany({ personId: { $ne: alice.personId } })
})
afterAll(() => colony.close())

/** Somebody whom Metabot does not know yet. */
async function newcomer(first_name: string) {
  const { person, ...client } = await colony.person({
    first_name,
    username: `${first_name}_${++last}`,
    language_code: 'en',
  })
  const admin: Admin = { server: 'sandbox', personId: person.id }
  return { admin, chat: client.chat('metabot') }
}

async function openAdmins(chat: PersonChat, bot?: RegExp): Promise<void> {
  await chat.sends('/start')
  await chat.sees('This is your colony')
  if (bot) {
    await chat.presses('Bots')
    await chat.presses(bot)
  }
  await chat.presses('Admins')
  await chat.sees('Who may do what')
}

const payloadIn = (text = '') => /\?start=([\w-]{1,64})/.exec(text)?.[1] ?? ''

/** The words behind /start of a link that Alice makes by chatting. */
async function invited(role: 'admin' | 'owner', bot?: RegExp): Promise<string> {
  await openAdmins(metabot, bot)
  await metabot.presses('Invite')
  await metabot.sees('What shall the person be?')
  await metabot.presses(role)
  if (!bot) await metabot.presses('All bots')
  return payloadIn((await metabot.sees('It works once')).text)
}

/** The words behind /start of a link for these bots, or for all. */
async function linkFor(role: 'admin' | 'owner', bots: string[] | null, by = alice): Promise<string> {
  return payloadIn((await invite(by, { role, bots, wish: `wish ${++last}` })).link)
}

/** Makes somebody an owner or admin of these bots, or of all. */
async function joined(name: string, role: 'admin' | 'owner', bots: string[] | null) {
  const person = await newcomer(name)
  await person.chat.start(await linkFor(role, bots))
  await person.chat.sees(`Welcome, ${name}`)
  await person.chat.sees('This is your colony')
  return person
}

test('an admin invited to one bot is greeted, sees that bot alone, and may not invite', async () => {
  const { chat } = await newcomer('Bea')
  const payload = await invited('admin', /Shop/)
  expect(payload).toMatch(/^invite-(\w{4}-){3}\w{4}$/)
  await chat.start(payload)
  await chat.sees('Welcome, Bea! From now on you are here: admin · Shop.')
  await chat.sees('This is your colony: 1 bot.')
  await metabot.sees('Bea has accepted your invitation: admin · Shop.')
  await openAdmins(chat, /Shop/)
  const { buttons } = await labels(chat)
  expect(buttons).toEqual(expect.arrayContaining(['Alice Admin · owner · all bots', 'Bea · admin · Shop']))
  expect(buttons).not.toContain('Invite')
  expect(buttons).not.toContain('Hand over')
  await chat.start(payload)
  await chat.sees('This is your colony: 1 bot.')
})

test('a link that was spent, withdrawn, expired or never made says which', async () => {
  const { chat } = await newcomer('Dee')
  const used = await linkFor('admin', [shop])
  await openLink((await newcomer('Eli')).admin, invitationCodeIn(used) ?? '')
  await chat.start(used)
  await chat.sees('This invitation has been used already.')
  const withdrawn = await invited('admin', /Bank/)
  await openAdmins(metabot, /Bank/)
  await metabot.presses(/✉️/)
  await metabot.sees('An invitation of Alice Admin: admin · Bank')
  await metabot.presses('Withdraw')
  await metabot.sees('it can no longer be accepted')
  await chat.start(withdrawn)
  await chat.sees('This invitation has been withdrawn.')
  const { link } = await invite(alice, { role: 'owner', bots: null, wish: 'late' }, -1)
  await chat.start(payloadIn(link))
  await chat.sees('This invitation has expired.')
  for (let guess = 1; guess <= 5; guess++) {
    await chat.start(`invite-AAAA-AAAA-AAAA-AAA${guess}`)
    await chat.sees('There is no such invitation')
  }
  await chat.start(await linkFor('owner', null))
  await chat.sees('too many wrong links')
  await chat.sends('/start')
  await chat.sees('an owner must invite you')
})

test('an invitation is spent once, by one of two who open it together, and never by who has its right', async () => {
  const payload = await linkFor('admin', [bank])
  const code = invitationCodeIn(payload) ?? ''
  await metabot.start(payload)
  await metabot.sees('You have this right already')
  const people = await Promise.all(['Fay', 'Gus', 'Hal'].map(newcomer))
  const ends = await Promise.allSettled(people.map(({ admin }) => openLink(admin, code)))
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  const held = await Promise.all(people.map(({ admin }) => Right.of('sandbox', admin.personId)))
  expect(held.flat()).toHaveLength(1)
})

test.each([
  ['giving the right', Right, 'raise'],
  ['recording it', Audit, 'record'],
  ['settling it', Invitation, 'settle'],
])('an invitation that breaks off at %s is completed by the same person', async (_, object, method) => {
  const { link } = await invite(alice, { role: 'admin', bots: [shop], wish: `broken ${method}` })
  const code = invitationCodeIn(payloadIn(link)) ?? ''
  const [winner, other] = [await newcomer('Ida'), await newcomer('Jan')]
  vi.spyOn(object as unknown as Record<string, () => Promise<void>>, method).mockRejectedValueOnce(new Error('away'))
  await expect(openLink(winner.admin, code)).rejects.toThrow('away')
  await expect(openLink(other.admin, code)).rejects.toThrow('invitation.spent')
  expect(await openLink(winner.admin, code)).toMatchObject({ role: 'admin', again: true })
  expect(await Right.of('sandbox', winner.admin.personId)).toMatchObject([{ role: 'admin' }])
})

test('nobody invites to more than they own, and what they offered ends with their right', async () => {
  const { admin } = await joined('Kim', 'owner', [shop])
  await expect(invite(admin, { role: 'admin', bots: null, wish: 'k1' })).rejects.toThrow('error.noRight')
  await expect(invite(admin, { role: 'admin', bots: [shop, bank], wish: 'k2' })).rejects.toThrow('error.noRight')
  const payload = await linkFor('owner', [shop], admin)
  await removeAdmin(alice, shop, admin.personId)
  const { chat } = await newcomer('Lou')
  await chat.start(payload)
  await chat.sees('This invitation has been withdrawn.')
})

test('an admin who is removed is told and a stranger from then on, in open menus too', async () => {
  const { chat } = await joined('Mia', 'admin', [shop])
  await openAdmins(chat, /Shop/)
  await openAdmins(metabot, /Shop/)
  await metabot.presses(/^Mia/)
  await metabot.presses('Remove')
  await metabot.sees('Take the right to Shop away from Mia?')
  expect(await metabot.presses('Remove')).toMatchObject({ text: 'Removed.' })
  await chat.sees('An owner has taken your right to Shop away.')
  expect(await chat.presses(/^Alice/)).toMatchObject({ text: expect.stringContaining('You have no right') })
  await chat.sends('/start')
  await chat.sees('an owner must invite you')
})

test('an owner leaves, the others are told, and the last one can neither leave nor be removed', async () => {
  const { chat, admin } = await joined('Nia', 'owner', null)
  await openAdmins(chat)
  await chat.presses(/^Nia/)
  await chat.presses('Leave')
  await chat.sees('Nia, give up all your rights here?')
  await chat.presses('Leave')
  await chat.sees('You have given up your rights here.')
  await chat.presses('Back')
  await chat.sees('an owner must invite you')
  await metabot.sees('Nia has given up all rights here.')
  await openAdmins(metabot)
  await metabot.presses(/^Alice/)
  await metabot.presses('Leave')
  expect(await metabot.presses('Leave')).toMatchObject({ text: expect.stringContaining('this is the last owner') })
  await expect(removeAdmin(admin, '', alice.personId)).rejects.toThrow('error.noRight')
})

test('two owners who remove each other at the same moment leave one at least', async () => {
  const { admin } = await joined('Oli', 'owner', null)
  await Promise.allSettled([removeAdmin(alice, '', admin.personId), removeAdmin(admin, '', alice.personId)])
  expect((await Right.owners('sandbox', null)).length).toBeGreaterThanOrEqual(1)
  await Right.give('sandbox', alice.personId, null, 'owner')
})

test('a bot is handed over once the other accepts; the former owner stays as an admin', async () => {
  const giver = await joined('Pia', 'owner', [shop])
  const heir = await joined('Quin', 'admin', [bank])
  await openAdmins(giver.chat, /Shop/)
  await giver.chat.presses('Hand over')
  await giver.chat.sees('To whom shall Shop be handed over?')
  await giver.chat.presses('Quin')
  await giver.chat.sees('Offered')
  await heir.chat.sees('Pia wants to hand the bot Shop (@shop_bot) over to you')
  expect(await roleOn(shop, heir.admin)).toBeUndefined()
  await heir.chat.presses('Accept')
  await heir.chat.sees('Shop is yours now')
  await giver.chat.sees('Quin has accepted the bot and owns it now')
  expect([await roleOn(shop, heir.admin), await roleOn(shop, giver.admin)]).toEqual(['owner', 'admin'])
  await heir.chat.presses('Open its card')
  await heir.chat.sees('@shop_bot')
})

test('an offer may be declined or withdrawn, a newer one takes its place, and a stale button says so', async () => {
  const [first, second] = [await joined('Rob', 'admin', [bank]), await joined('Sue', 'admin', [bank])]
  const offer = async (name: string) => {
    await openAdmins(metabot, /Shop/)
    await metabot.presses('Hand over')
    await metabot.presses(name)
    await metabot.sees('Offered')
  }
  await offer('Rob')
  await first.chat.sees('Alice Admin wants to hand the bot Shop')
  await offer('Sue')
  await second.chat.sees('Alice Admin wants to hand the bot Shop')
  expect(await first.chat.presses('Accept')).toMatchObject({ text: 'This offer has been withdrawn.' })
  await second.chat.presses('Decline')
  await second.chat.sees('You have declined')
  await metabot.sees('Sue has declined the bot: it stays yours.')
  await offer('Sue')
  await second.chat.sees('Alice Admin wants to hand the bot Shop')
  await openAdmins(metabot, /Shop/)
  await metabot.presses(/🤝/)
  await metabot.sees('To: Sue')
  await metabot.presses('Withdraw')
  await metabot.sees('no longer be accepted')
  expect(await second.chat.presses('Accept')).toMatchObject({ text: 'This offer has been withdrawn.' })
  expect([await roleOn(shop, first.admin), await roleOn(shop, second.admin)]).toEqual([undefined, undefined])
})

test('a bot is handed over by a link too, once, and an offer is for nobody else', async () => {
  const giver = await joined('Tom', 'owner', [shop])
  await openAdmins(giver.chat, /Shop/)
  await giver.chat.presses('Hand over')
  await giver.chat.presses('By a link')
  const payload = payloadIn((await giver.chat.sees('It works once')).text)
  await giver.chat.start(payload)
  await giver.chat.sees('This link hands over your own bot')
  const heirs = await Promise.all(['Una', 'Vic'].map(newcomer))
  const code = invitationCodeIn(payload) ?? ''
  const ends = await Promise.allSettled(heirs.map(({ admin }) => openLink(admin, code)))
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await roleOn(shop, giver.admin)).toBe('admin')
  const offer = await Invitation.findOne({ purpose: 'hand-over', state: 'accepted' }).lean().orFail()
  await expect(acceptOffer(giver.admin, String(offer._id))).rejects.toThrow('error.invitationOver')
  const heir = heirs[ends.findIndex(({ status }) => status === 'fulfilled')]
  expect(heir && (await roleOn(shop, heir.admin))).toBe('owner')
})

async function roleOn(bot: string, { personId }: Admin): Promise<string | undefined> {
  return (await Right.findOne({ personId, bot }).lean())?.role
}

async function labels(chat: PersonChat): Promise<{ buttons: string[] }> {
  const message = (await chat.messages()).at(-1)
  return { buttons: (message?.reply_markup?.inline_keyboard ?? []).flat().map(({ text }) => text) }
}
