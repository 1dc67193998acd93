import type { User } from 'grammy/types'
import { botFatherId } from '../bots.ts'
import { userOf } from '../chat-member.ts'
import { PeopleApiError } from '../failures.ts'
import { setStatus } from '../group-updates.ts'
import { type Group, isAdministrator, isIn, type Member, memberOf } from '../groups.ts'
import type { World } from '../world.ts'
import { announce } from './announce.ts'

/** Somebody who is about to come into a group. A bot's privacy is taken over as it is now, as in Telegram. */
export function newMember({ people, bots }: World, id: number): Member {
  const bot = bots.get(id)
  if (!bot && !people.get(id)) throw new PeopleApiError(404, `There is neither a person nor a bot ${id}`)
  if (bot?.deleted) throw new PeopleApiError(409, `@${bot.username} was deleted`)
  if (bot?.id === botFatherId) throw new PeopleApiError(409, 'BotFather cannot be added to groups')
  if (bot?.joinsNoGroups)
    throw new PeopleApiError(
      409,
      `@${bot.username} cannot be added to groups: its owner forbids it (BotFather, /setjoingroups)`,
    )
  return { id, bot: bot !== undefined, status: 'left', read: 0, ...(bot?.readsAllInGroups && { readsAll: true }) }
}

/** Any member may add others. */
export function addMember(world: World, group: Group, by: User, id: number): void {
  const known = memberOf(group, id)
  if (isIn(known)) throw new PeopleApiError(409, `${userOf(world, id).first_name} is in this group already`)
  const member = newMember(world, id)
  group.members = [...group.members.filter((one) => one.id !== id), { ...member, read: known?.read ?? 0 }]
  setStatus(world, group, { member: group.members.at(-1) as Member, status: 'member', by })
  announce(world, group, by, { new_chat_members: [userOf(world, id)] })
}

/** Takes out somebody else, which administrators may, or oneself. */
export function removeMember(world: World, group: Group, by: User, id: number): void {
  const member = presentMember(group, id)
  const leaves = by.id === id
  if (!leaves) refuseUnlessAdministrator(group, by)
  if (!leaves && member.status === 'creator') throw new PeopleApiError(409, 'Nobody can remove the owner of a group')
  const announced = { left_chat_member: userOf(world, id) }
  // In a group without super a bot still hears that it was removed; a supergroup is closed to it at once.
  if (group.type === 'group' && !leaves) announce(world, group, by, announced)
  if (group.lastBot === id) delete group.lastBot
  setStatus(world, group, { member, status: leaves ? 'left' : 'kicked', by })
  if (group.type === 'supergroup' || leaves) announce(world, group, by, announced)
}

export function setAdministrator(world: World, group: Group, by: User, change: { id: number; to: boolean }): void {
  const member = presentMember(group, change.id)
  refuseUnlessAdministrator(group, by)
  if (member.status === 'creator') throw new PeopleApiError(409, 'The owner of a group has all rights')
  const status = change.to ? 'administrator' : 'member'
  if (member.status !== status) setStatus(world, group, { member, status, by })
}

function presentMember(group: Group, id: number): Member {
  const member = memberOf(group, id)
  if (!member || !isIn(member)) throw new PeopleApiError(404, `${id} is not in this group`)
  return member
}

export function refuseUnlessAdministrator(group: Group, by: User): void {
  if (!isAdministrator(memberOf(group, by.id)))
    throw new PeopleApiError(409, 'Only an administrator of the group may do that')
}
