import { PeopleApiError } from '../failures.ts'
import { type Group, isIn, memberOf } from '../groups.ts'
import type { Person } from '../people.ts'
import type { GroupSide, PrivateSide, Side } from '../person-acts/side.ts'
import type { World } from '../world.ts'

interface Names {
  person: number
  peer: number
}

export function personOf({ people }: World, id: number): Person {
  const person = people.get(id)
  if (!person) throw new PeopleApiError(404, `There is no person ${id}`)
  return person
}

/** The chat with a bot, or below 0 a group. */
export function sideOf(world: World, names: Names): Side {
  return names.peer < 0 ? groupSideOf(world, names) : privateSideOf(world, names)
}

export function privateSideOf(world: World, { person: id, peer }: Names): PrivateSide {
  const person = personOf(world, id)
  const bot = world.bots.get(peer)
  if (!bot || (bot.deleted && !world.chats.get(peer, id))) throw new PeopleApiError(404, `There is no bot ${peer}`)
  return { person, bot }
}

/** The id that a group had before it became a supergroup still leads to it. */
export function groupSideOf(world: World, { person: id, peer }: Names): GroupSide {
  const person = personOf(world, id)
  const group = currentGroup(world, peer)
  if (!group) throw new PeopleApiError(404, `There is no group ${peer}`)
  if (!isIn(memberOf(group, id))) throw new PeopleApiError(404, `${person.first_name} is not in this group`)
  return { person, group }
}

function currentGroup({ groups }: World, id: number): Group | undefined {
  const group = groups.get(id)
  return group?.migratedTo ? groups.get(group.migratedTo) : group
}
