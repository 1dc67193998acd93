import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Document, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deriveCredentials } from '../auth/credentials.ts'
import { ScramConversation } from '../auth/scram.ts'
import { type EmbeddedMongo, startEmbeddedMongo } from '../server.ts'
import { ask, int32 } from './raw-client.ts'

const password = 'pen/cil=and,paper%20'
const user = 'rook,ery='
let dir: string
let store: EmbeddedMongo
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-login-'))
  store = await startEmbeddedMongo({ dir, tcp: { port: 0, user, password } })
})
afterAll(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

const port = () => Number(new URL(store.uri).port)
const dial = async () => {
  const socket = connect(port(), '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function logIn(uri: string): Promise<Document> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 })
  try {
    return await client.db('house').command({ count: 'none' })
  } finally {
    await client.close()
  }
}

it('lets the driver in with the password, also when it has to find out how', async () => {
  expect(store.uri).toContain('@127.0.0.1:')
  expect(await logIn(store.uri)).toMatchObject({ ok: 1, n: 0 })
  expect(await logIn(store.uri.replace('&authMechanism=SCRAM-SHA-256', ''))).toMatchObject({ ok: 1 })
  expect(await logIn(store.uri.replace('/?', '/house?authSource=admin&'))).toMatchObject({ ok: 1 })
})

it('refuses a wrong password, a wrong name, another way, and whoever does not log in', async () => {
  const { username, password: right } = new URL(store.uri)
  const failed = { code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' }
  await expect(logIn(store.uri.replace(right, 'another'))).rejects.toMatchObject({ errorResponse: failed })
  await expect(logIn(store.uri.replace(username, 'somebody'))).rejects.toMatchObject({ errorResponse: failed })
  await expect(logIn(store.uri.replace('SHA-256', 'SHA-1'))).rejects.toMatchObject({ code: 334 })
  const anonymous = store.uri.replace(`${username}:${right}@`, '').replace('&authMechanism=SCRAM-SHA-256', '')
  await expect(logIn(anonymous)).rejects.toMatchObject({ code: 13, codeName: 'Unauthorized' })
})

it('answers a stranger the greeting and a ping, and nothing else', async () => {
  const socket = await dial()
  expect(await ask(socket, { hello: 1 })).toMatchObject({ ok: 1, isWritablePrimary: true })
  expect(await ask(socket, { ping: 1 })).toEqual({ ok: 1 })
  const refused = [
    { find: 'c' },
    { insert: 'c', documents: [{}] },
    { buildInfo: 1 },
    { serverStatus: 1 },
    { nonsense: 1 },
  ]
  for (const command of refused) expect(await ask(socket, command)).toMatchObject({ ok: 0, code: 13 })
  socket.end()
})

it('holds no large message for a stranger', async () => {
  const socket = await dial()
  socket.write(Buffer.concat([int32(1_000_000), int32(1), int32(0), int32(2013)]))
  await once(socket, 'close')
})

it('does without the last empty exchange only where it is asked to', async () => {
  const socket = await dial()
  const client = await beginLogin(socket)
  expect(await ask(socket, client.final())).toMatchObject({ ok: 1, done: false })
  expect(await ask(socket, { find: 'c' })).toMatchObject({ code: 13 })
  expect(await ask(socket, { saslContinue: 1, conversationId: 1, payload: Buffer.alloc(0) })).toMatchObject({
    done: true,
  })
  expect(await ask(socket, { find: 'c' })).toMatchObject({ ok: 1 })
  socket.end()
})

it('refuses a proof that was tampered with, and the conversation is over', async () => {
  for (const tampering of tamperings) {
    const socket = await dial()
    const client = await beginLogin(socket)
    expect(await ask(socket, client.final(tampering))).toMatchObject({ ok: 0, code: 18 })
    expect(await ask(socket, client.final())).toMatchObject({ ok: 0, code: 17 })
    expect(await ask(socket, { find: 'c' })).toMatchObject({ code: 13 })
    socket.end()
  }
})

it('lets a proof that was overheard open nothing', async () => {
  const [first, second] = [await dial(), await dial()]
  const heard = (await beginLogin(first)).final()
  await beginLogin(second)
  expect(await ask(second, heard)).toMatchObject({ code: 18 })
  expect(await ask(first, heard)).toMatchObject({ ok: 1 })
  for (const socket of [first, second]) socket.end()
})

it('keeps the password nowhere in its folder', async () => {
  await logIn(store.uri)
  for (const name of await readdir(dir)) expect((await readFile(join(dir, name))).includes(password)).toBe(false)
})

it('says how it goes when it is the example of RFC 7677', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const salted = pbkdf2Sync('pencil', salt, 4096, 32, 'sha256')
  const key = (name: string) => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(key('Client Key')).digest()
  const credentials = { user: 'user', salt, iterations: 4096, storedKey, serverKey: key('Server Key') }
  const nonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const conversation = new ScramConversation(credentials, 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO', () => nonce)
  expect(conversation.first).toBe(`r=rOprNGfwEbeRWgbNEkqO${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`)
  const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='
  expect(conversation.final(`c=biws,r=rOprNGfwEbeRWgbNEkqO${nonce},p=${proof}`)).toBe(
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  )
})

it('takes only a password that needs no preparation', async () => {
  await expect(deriveCredentials('user', 'pässword')).rejects.toThrow(RangeError)
  expect((await deriveCredentials('user', password)).iterations).toBeGreaterThanOrEqual(4096)
})

it('names the port that is taken', async () => {
  const other = await mkdtemp(join(tmpdir(), 'embedded-mongo-login-'))
  const start = startEmbeddedMongo({ dir: other, tcp: { port: port(), user, password } })
  await expect(start).rejects.toMatchObject({ name: 'PortError', code: 'EADDRINUSE' })
  await rm(other, { recursive: true })
})

type Tampering = { binding?: string; nonce?: (nonce: string) => string; proof?: (proof: Buffer) => Uint8Array }
const tamperings: Tampering[] = [
  { proof: (proof) => proof.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) },
  { proof: (proof) => proof.toReversed() },
  { proof: (proof) => proof.subarray(1) },
  // These two are proved rightly: it is what they prove that is wrong.
  { nonce: (nonce) => `${nonce}x` },
  { binding: Buffer.from('y,,').toString('base64') },
]

/** A client by hand: says hello by name, and makes the final message, tampered with where that is wanted. */
async function beginLogin(socket: Socket) {
  const bare = `n=${user.replace('=', '=3D').replace(',', '=2C')},r=abc`
  const payload = Buffer.from(`n,,${bare}`)
  const answer = await ask(socket, { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload })
  const first = Buffer.from(answer.payload.buffer).toString()
  const [, serverNonce = '', salt = '', iterations] = /^r=(.*),s=(.*),i=(\d+)$/.exec(first) ?? []
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest()
  const final = ({ binding = 'biws', nonce = (same) => same, proof = (same) => same }: Tampering = {}): Document => {
    const claim = `c=${binding},r=${nonce(serverNonce)}`
    const signature = createHmac('sha256', storedKey).update(`${bare},${first},${claim}`).digest()
    const proved = proof(Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] as number))))
    const text = `${claim},p=${Buffer.from(proved).toString('base64')}`
    return { saslContinue: 1, conversationId: answer.conversationId, payload: Buffer.from(text) }
  }
  return { final }
}
