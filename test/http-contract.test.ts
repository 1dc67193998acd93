import { connect } from 'node:net'
import { mongo } from 'mongoose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { assistant } from '../bots/assistant.ts'
import { UserError } from '../config/user-error.ts'
import { defineEndpoint } from '../dialogue/endpoint.ts'
import { defineKind } from '../dialogue/kind.ts'
import { defineSkill } from '../dialogue/skill.ts'
import { createHttpServer } from '../http/server.ts'
import { ApiKey } from '../models/api-key.ts'
import { Bot } from '../models/bot.ts'
import { log, type TestBot, until } from './delivery-world.ts'
import { caller, type HttpWorld, startHttpWorld } from './http-world.ts'

const given = z.object({ userId: z.int() })
const contract = { summary: 'Answers', params: given, answer: z.object({ userId: z.int() }) }
const update = defineEndpoint('people/update', contract, async ({ userId }) => ({ userId }))
const gone = defineEndpoint('users/gone', contract, () => Promise.reject(new UserError('api.userNotFound')))
const broken = defineEndpoint('users/broken', contract, () => Promise.reject(new Error('a secret detail')))
const failing = (alias: string, error: Error) => defineEndpoint(alias, contract, () => Promise.reject(error))
const away = failing('users/away', new mongo.MongoServerSelectionError('No store', {} as never))
const lost = failing('users/lost', new mongo.MongoNetworkError('The connection broke'))
const skill = defineSkill({ id: 'probing', endpoints: [update, gone, broken, away, lost] })
const probe = defineKind({ id: 'probe', skills: [skill] })

let world: HttpWorld
let bot: TestBot
let secret: string
let call: ReturnType<typeof caller>
beforeAll(async () => {
  world = await startHttpWorld([probe, assistant])
  bot = await world.newBot('probe')
  ;({ secret } = await world.apiKey())
  call = caller(world.http, secret, bot.record)
})
afterAll(() => world.close())

const post = (url: string, payload: string, headers: Record<string, string> = {}) =>
  world.http.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${secret}`, ...headers } })
const connections = () =>
  new Promise<number>((resolve) => world.http.server.getConnections((_error, count) => resolve(count)))
const address = (alias = 'people/update', name = bot.record.username) => `/api/v1/bots/${name}/call/${alias}`

test('answers 200 with success and what the endpoint adds', async () => {
  expect(await call('people/update', { userId: 127 })).toMatchObject({
    status: 200,
    body: { success: true, userId: 127 },
  })
})

test('finds the bot by its id and by its username in any letter case, and a slash that was escaped', async () => {
  const body = JSON.stringify({ script_request_params: { userId: 1 } })
  const names = [bot.record.botId, bot.record.username.toUpperCase(), `@${bot.record.username}`]
  for (const name of names)
    expect((await post(address('people/update', name), body)).json()).toMatchObject({ success: true })
  expect((await post(address('people%2Fupdate'), body)).json()).toMatchObject({ success: true })
})

test('knows no bot whose name nobody can have', async () => {
  for (const name of ['%00', 'a%00b', '.*', '%5C'])
    expect((await post(address('people/update', name), '{}')).statusCode).toBe(404)
})

test('says what could not be in the language asked for, word for word', async () => {
  const said = async (language: string) =>
    (await call('users/gone', { userId: 1 }, { 'accept-language': language })).body
  expect(await said('ru-RU,ru;q=0.9,en;q=0.8')).toEqual({ success: false, message: 'Пользователь не найден' })
  expect(await said('de, en;q=0.2, uz;q=0.5')).toEqual({ success: false, message: 'Foydalanuvchi topilmadi' })
  expect((await call('users/gone', { userId: 1 })).body.message).toBe('User not found')
})

test("speaks the bot's language when none is asked for", async () => {
  const russian = await world.newBot('probe')
  await Bot.change(russian.record._id, { locale: 'ru' })
  const { body } = await caller(world.http, secret, russian.record)('people/update', {})
  expect(body).toMatchObject({ success: false, errorCode: 422, message: 'Ошибка валидации' })
})

test('answers 200 with error code 422 to parameters that are not valid, and says where', async () => {
  const { status, body } = await call('people/update', { userId: 'x' })
  expect([status, body.errorCode, body.message]).toEqual([200, 422, 'Validation error'])
  expect(body.errors).toEqual([{ field: 'userId', message: expect.stringContaining('expected number') }])
})

test('ignores fields beside the parameters, and takes missing ones for none', async () => {
  const beside = JSON.stringify({ other: 1, script_request_params: { userId: 3 } })
  expect((await post(address(), beside)).json()).toEqual({ success: true, userId: 3 })
  for (const body of ['{}', '', '{"script_request_params": null}'])
    expect((await post(address(), body)).json()).toMatchObject({ errorCode: 422, errors: [{ field: 'userId' }] })
})

test('reads any content type as JSON', async () => {
  const body = JSON.stringify({ script_request_params: { userId: 4 } })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml; charset=utf-8', 'nonsense'])
    expect((await post(address(), body, { 'content-type': type })).json()).toEqual({ success: true, userId: 4 })
})

test('answers errors with success and message alone', async () => {
  const other = await world.newBot('probe')
  const { secret: limited } = await world.apiKey([bot.record])
  const as = (key: string) => ({ authorization: `Bearer ${key}` })
  const answers = [
    [401, await post(address(), '{}', as('rk_wrong'))],
    [401, await post(address(), '{}', { authorization: 'Basic eDp5' })],
    [403, await post(address('people/update', other.record.username), '{}', as(limited))],
    [403, await post(address('people/update', 'nobody_bot'), '{}', as(limited))],
    [404, await post(address('people/update', 'nobody_bot'), '{}')],
    [404, await post(address('users/unknown'), '{}')],
    [404, await post('/api/v1/nowhere', '{}')],
    [404, await post('/api/v1/bots/%zz/call/x', '{}')],
    [404, await world.http.inject({ method: 'GET', url: address(), headers: as(secret) })],
    [404, await world.http.inject({ method: 'PUT', url: address(), headers: as(secret), payload: '{}' })],
    [400, await post(address(), '{"script_request_params":')],
    [413, await post(address(), JSON.stringify({ x: 'y'.repeat(1024 * 1024) }))],
    [500, await post(address('users/broken'), '{"script_request_params": {"userId": 1}}')],
  ] as const
  for (const [status, answer] of answers) {
    expect([status, Object.keys(answer.json())]).toEqual([answer.statusCode, ['success', 'message']])
    expect(answer.json().success).toBe(false)
  }
  expect(answers.at(-1)?.[1].body).not.toContain('secret detail')
})

test('says 503 when the store was not asked, and 500 when its answer was lost', async () => {
  const unasked = await call('users/away', { userId: 1 })
  expect([unasked.status, unasked.headers['retry-after']]).toEqual([503, '1'])
  expect((await call('users/lost', { userId: 1 })).status).toBe(500)
})

test('an array or a number is no body', async () => {
  for (const body of ['[]', '7', 'null']) expect((await post(address(), body)).json()).toMatchObject({ errorCode: 422 })
})

test('lets a key make so many calls a minute and then says when to come back', async () => {
  const { record, secret: busy } = await world.apiKey()
  await ApiKey.updateOne({ _id: record._id }, { callsPerMinute: 2 })
  const ask = () => world.http.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${busy}` } })
  expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200])
  const refused = await ask()
  expect(refused.statusCode).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect(Object.keys(refused.json())).toEqual(['success', 'message'])
  expect((await call('people/update', { userId: 1 })).status).toBe(200)
})

test('refuses a revoked key at once', async () => {
  const { record, secret: short } = await world.apiKey()
  const ask = () => world.http.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${short}` } })
  expect((await ask()).statusCode).toBe(200)
  await ApiKey.revoke(record._id)
  expect((await ask()).statusCode).toBe(401)
})

test('notes when a key was last used', async () => {
  const { record, secret: used } = await world.apiKey()
  await world.http.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${used}` } })
  await until(async () => (await ApiKey.byId(record._id))?.lastUsedAt ?? undefined)
})

test('tells a key what it is and may do', async () => {
  const { secret: limited } = await world.apiKey([bot.record])
  const answer = await world.http.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${limited}` } })
  expect(answer.json()).toMatchObject({
    success: true,
    key: { name: 'ERP', callsPerMinute: 600, allBots: false },
    bots: [
      {
        username: bot.record.username,
        endpoints: expect.arrayContaining(['people/update', 'users/gone', 'users/broken']),
      },
    ],
  })
  expect(answer.body).not.toContain(limited)
})

test('answers in its own shape what is no HTTP at all', async () => {
  const { port } = new URL(await world.http.listen({ port: 0 }))
  for (const [request, status] of [
    ['NOVERB / HTTP/1.1\r\n\r\n', '400 Bad Request'],
    [`GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
  ] as const) {
    // It never ends its half of the connection by itself.
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8')
    socket.write(request)
    const [head, body = ''] = (await socket.toArray()).join('').split('\r\n\r\n')
    expect(head).toContain(`HTTP/1.1 ${status}`)
    expect(JSON.parse(body)).toEqual({ success: false, message: 'The request is not valid HTTP' })
    await expect.poll(connections).toBe(0)
    socket.destroy()
  }
})

test('leads a browser to the page of the API', async () => {
  const answer = await world.http.inject({ url: '/' })
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/api/docs'])
})

test('is healthy and ready', async () => {
  for (const url of ['/healthz', '/readyz'])
    expect((await world.http.inject({ url })).json()).toEqual({ success: true })
})

test('documents each endpoint as an operation, from the schemas that validate', async () => {
  const { paths, info } = (await world.http.inject({ url: '/api/docs/json' })).json()
  expect(info.description).toContain('requests of this page are real')
  const operation = paths['/api/v1/bots/{botId}/call/people/update'].post
  const body = operation.requestBody.content['application/json'].schema.properties.script_request_params
  expect(body).toMatchObject({ properties: { userId: { type: 'integer' } }, required: ['userId'] })
  expect(Object.keys(paths)).toContain('/api/v1/bots/{botId}/call/notify')
  const notify = paths['/api/v1/bots/{botId}/call/notify'].post
  expect(notify.tags).toEqual(['notifications'])
  expect(notify.requestBody.content['application/json'].example).toEqual({
    script_request_params: { userIds: [127], text: 'Order 42 has shipped' },
  })
  expect((await world.http.inject({ url: '/api/docs/' })).body).toContain('swagger-ui')
})

test('does not start when two kinds mean different things by one alias', async () => {
  const other = defineEndpoint('people/update', { ...contract, params: z.object({ id: z.int() }) }, async () => ({}))
  const clashing = defineKind({ id: 'clashing', skills: [defineSkill({ id: 's', endpoints: [other] })] })
  const sharing = defineKind({ id: 'sharing', skills: [skill] })
  const start = (kinds: (typeof probe)[]) =>
    createHttpServer({
      ...{ kinds: new Map(kinds.map((kind) => [kind.id, kind])), servers: [], log },
      settings: { defaultLocale: 'en' },
    })
  await expect(start([probe, clashing])).rejects.toThrow('"probe" and "clashing" both have an endpoint "people/update"')
  await (await start([probe, sharing])).close()
})
