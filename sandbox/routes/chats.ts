import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { listChats, type Part, viewChat, viewGroup } from '../chat-view.ts'
import { seenBy } from '../conversations.ts'
import { PeopleApiError } from '../failures.ts'
import { deleteMessage, editText, markRead } from '../person-acts/change.ts'
import { press } from '../person-acts/press.ts'
import { sendContact, sendFile, sendSticker, sendText } from '../person-acts/send.ts'
import type { Side } from '../person-acts/side.ts'
import { start, stop } from '../person-acts/start-stop.ts'
import type { World } from '../world.ts'
import { readForm } from './read-parameters.ts'
import { personOf, privateSideOf, sideOf } from './sides.ts'

const id = z.coerce.number().int()
const ofPerson = z.object({ person: id })
const ofChat = z.object({ person: id, peer: id })
const ofMessage = z.object({ person: id, peer: id, id })
const text = z.object({ text: z.string(), reply_to: z.number().int().optional() })
const contact = z.object({
  phone_number: z.string().min(3),
  first_name: z.string().min(1),
  last_name: z.string().optional(),
})
const sent = z.union([
  text,
  z.object({ contact: z.union([z.literal(true), contact]) }),
  z.object({ sticker: z.string().min(1).max(16) }),
])
const pressed = z.union([z.object({ data: z.string() }), z.object({ row: z.number().int(), column: z.number().int() })])
const part = z.object({ after: id.optional(), limit: id.min(1).max(1000).optional() })
const wait = z.object({ wait: id.min(0).max(60_000).default(0) })

/** What a person does in a chat. */
export const chatRoutes =
  (world: World): FastifyPluginAsyncZod =>
  async (app) => {
    const chat = '/people/:person/chats/:peer'
    app.get('/people/:person/chats', { schema: { params: ofPerson } }, ({ params }) =>
      listChats(world, personOf(world, params.person)),
    )
    app.get(chat, { schema: { params: ofChat, querystring: part } }, ({ params, query }) =>
      view(world, sideOf(world, params), query),
    )
    app.post(
      `${chat}/start`,
      { schema: { params: ofChat, body: z.object({ payload: z.string().optional() }).nullish() } },
      ({ params, body }) => answer(world, params.person, start(world, privateSideOf(world, params), body?.payload)),
    )
    app.post(`${chat}/stop`, { schema: { params: ofChat } }, ({ params }) =>
      done(world, () => stop(world, privateSideOf(world, params))),
    )
    app.post(`${chat}/read`, { schema: { params: ofChat } }, ({ params }) =>
      done(world, () => markRead(world, sideOf(world, params))),
    )
    app.post(`${chat}/messages`, { schema: { params: ofChat } }, async (request) => {
      const side = sideOf(world, request.params)
      return answer(
        world,
        side.person.id,
        request.isMultipart() ? await sendForm(world, side, request) : send(world, side, request.body),
      )
    })
    app.patch(`${chat}/messages/:id`, { schema: { params: ofMessage, body: text } }, ({ params, body }) =>
      answer(world, params.person, editText(world, sideOf(world, params), params.id, body.text)),
    )
    app.delete(`${chat}/messages/:id`, { schema: { params: ofMessage } }, ({ params }) =>
      done(world, () => deleteMessage(world, sideOf(world, params), params.id)),
    )
    app.post(
      `${chat}/messages/:id/press`,
      { schema: { params: ofMessage, body: pressed, querystring: wait } },
      async ({ params, body, query }) => {
        const query_id = press(world, sideOf(world, params), params.id, body)
        await world.store.committed()
        if (query.wait === 0) return { query_id }
        return { query_id, answer: await world.queries.waitForAnswer(query_id, query.wait, world.closing.signal) }
      },
    )
  }

function view(world: World, side: Side, wanted: Part) {
  return 'group' in side ? viewGroup(world, side, wanted) : viewChat(world, side, wanted)
}

function send(world: World, side: Side, body: unknown) {
  const parsed = sent.safeParse(body)
  if (!parsed.success)
    throw new PeopleApiError(
      400,
      'A message is { text }, { text, reply_to }, { contact }, { sticker } or a form with photo or document',
    )
  const given = parsed.data
  if ('text' in given) return sendText(world, side, given.text, given.reply_to)
  if ('sticker' in given) return sendSticker(world, side, given.sticker)
  if (given.contact === true) return sendContact(world, side, true)
  const { phone_number, first_name, last_name } = given.contact
  return sendContact(world, side, { phone_number, first_name, ...(last_name && { last_name }) })
}

async function sendForm(world: World, side: Side, request: FastifyRequest) {
  const { fields, files } = await readForm(request)
  const kind = files.has('photo') ? 'photo' : 'document'
  const upload = files.get(kind)
  if (!upload) throw new PeopleApiError(400, 'The form has neither a photo nor a document')
  const replyTo = fields.reply_to === undefined ? undefined : Number(fields.reply_to)
  return sendFile(world, side, { kind, upload, caption: String(fields.caption ?? '').trim(), replyTo })
}

async function answer(world: World, person: number, message: Parameters<typeof seenBy>[1]) {
  await world.store.committed()
  return seenBy(person, message)
}

async function done(world: World, act: () => void) {
  act()
  await world.store.committed()
  return {}
}
