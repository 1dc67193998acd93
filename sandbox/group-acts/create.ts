import { PeopleApiError } from '../failures.ts'
import { setStatus } from '../group-updates.ts'
import type { Group } from '../groups.ts'
import { asUser, type Person } from '../people.ts'
import type { World } from '../world.ts'
import { announce } from './announce.ts'
import { newMember } from './members.ts'

export const longestTitle = 128

/** Makes a group of its creator and others, people and bots. */
export function createGroup(world: World, creator: Person, given: { title: string; members: number[] }): Group {
  const title = checkedTitle(given.title)
  const others = [...new Set(given.members)].filter((id) => id !== creator.id).map((id) => newMember(world, id))
  const group = world.groups.add({
    type: 'group',
    title,
    members: [{ id: creator.id, bot: false, status: 'creator', read: 0 }, ...others],
  })
  const by = asUser(creator)
  for (const member of others) setStatus(world, group, { member, status: 'member', by })
  announce(world, group, by, { group_chat_created: true })
  return group
}

export function checkedTitle(written: string): string {
  const title = written.trim()
  if (!title || title.length > longestTitle)
    throw new PeopleApiError(400, `A group's title has 1 to ${longestTitle} characters`)
  return title
}
