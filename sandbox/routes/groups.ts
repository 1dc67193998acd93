import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { viewGroup } from '../chat-view.ts'
import { PeopleApiError } from '../failures.ts'
import { migrate, rename } from '../group-acts/change.ts'
import { createGroup } from '../group-acts/create.ts'
import { addMember, removeMember, setAdministrator } from '../group-acts/members.ts'
import { asUser } from '../people.ts'
import type { GroupSide } from '../person-acts/side.ts'
import type { World } from '../world.ts'
import { groupSideOf, personOf } from './sides.ts'

const id = z.coerce.number().int()
const ofGroup = z.object({ person: id, peer: id })
const ofMember = z.object({ person: id, peer: id, member: id })
const name = z.union([z.number().int(), z.string()])
const created = z.object({ title: z.string(), members: z.array(name).default([]) })

/** What a person does with groups; each answers with the group as it is then. */
export const groupRoutes =
  (world: World): FastifyPluginAsyncZod =>
  async (app) => {
    const group = '/people/:person/chats/:peer'
    app.post('/people/:person/groups', { schema: { params: z.object({ person: id }), body: created } }, (request) => {
      const person = personOf(world, request.params.person)
      const members = request.body.members.map((one) => idOf(world, one))
      return answer(world, { person, group: createGroup(world, person, { title: request.body.title, members }) })
    })
    app.patch(group, { schema: { params: ofGroup, body: z.object({ title: z.string() }) } }, ({ params, body }) => {
      const side = groupSideOf(world, params)
      rename(world, side.group, asUser(side.person), body.title)
      return answer(world, side)
    })
    app.post(`${group}/migrate`, { schema: { params: ofGroup } }, ({ params }) => {
      const side = groupSideOf(world, params)
      return answer(world, { ...side, group: migrate(world, side.group, asUser(side.person)) })
    })
    app.post(
      `${group}/members`,
      { schema: { params: ofGroup, body: z.object({ member: name }) } },
      ({ params, body }) => {
        const side = groupSideOf(world, params)
        addMember(world, side.group, asUser(side.person), idOf(world, body.member))
        return answer(world, side)
      },
    )
    app.put(
      `${group}/members/:member`,
      { schema: { params: ofMember, body: z.object({ administrator: z.boolean() }) } },
      ({ params, body }) => {
        const side = groupSideOf(world, params)
        setAdministrator(world, side.group, asUser(side.person), { id: params.member, to: body.administrator })
        return answer(world, side)
      },
    )
    app.delete(`${group}/members/:member`, { schema: { params: ofMember } }, async ({ params }) => {
      const side = groupSideOf(world, params)
      removeMember(world, side.group, asUser(side.person), params.member)
      await world.store.committed()
      return {}
    })
  }

/** Whom a number or a username names. */
function idOf({ people, bots }: World, named: number | string): number {
  if (typeof named === 'number') return named
  const found = bots.byUsername(named) ?? people.byUsername(named)
  if (!found) throw new PeopleApiError(404, `Nobody has the username ${named}`)
  return found.id
}

async function answer(world: World, side: GroupSide) {
  await world.store.committed()
  return viewGroup(world, side, {})
}
