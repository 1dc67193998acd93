import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BSON, type Document } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedMongo, startEmbeddedMongo } from '../server.ts'
import { crc32c } from '../wire/checksum.ts'
import { answerOf, ask, body, int32, message, sequence, socketPath } from './raw-client.ts'

let dir: string
let store: EmbeddedMongo
let path: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-wire-errors-'))
  store = await startEmbeddedMongo({ dir })
  path = await socketPath(dir)
})
afterAll(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

const ping = body({ ping: 1, $db: 'wire' })

/** What the server answers; undefined where it closes the connection instead. It answers others in any case. */
async function answerTo(bytes: Buffer): Promise<Document | undefined> {
  const socket = connect(path).on('error', () => {})
  const other = connect(path)
  try {
    const end = once(socket, 'close').then(() => undefined)
    const answer = answerOf(socket)
    socket.write(bytes)
    const given = await Promise.race([answer, end])
    // Who was answered is answered again.
    if (given) expect(await ask(socket, { ping: 1 })).toEqual({ ok: 1 })
    expect(await ask(other, { ping: 1 })).toEqual({ ok: 1 })
    return given
  } finally {
    socket.destroy()
    other.destroy()
  }
}

const header = (length: number, code: number, rest: Buffer[] = []) =>
  Buffer.concat([int32(length), int32(7), int32(0), int32(code), ...rest])
const withLength = (bytes: Buffer, length: number) => Buffer.concat([int32(length), bytes.subarray(4)])
const sections = (kind: number, bytes: Buffer) => Buffer.concat([Buffer.from([kind]), bytes])
const nested = (levels: number): Document => {
  let document: Document = { end: 1 }
  for (let level = 1; level < levels; level++) document = { a: document }
  return document
}

const closing: [string, Buffer][] = [
  ['a length below that of a header', header(15, 2013)],
  ['a negative length', header(-1, 2013)],
  ['a length beyond 48,000,000 bytes', header(48_000_001, 2013)],
  ['a message without flags', header(16, 2013)],
  ['a required flag that nobody knows', message([ping], 4)],
  ['a wrong checksum', withChecksum(message([ping], 1), 1)],
  ['three sequences', message([sequence('a', [{}]), sequence('b', [{}]), sequence('c', [{}]), ping])],
  ['an unknown opcode', header(20, 4242, [int32(0)])],
  ['an old OP_INSERT', header(20, 2002, [int32(0)])],
  ['OP_COMPRESSED, which was not agreed upon', header(25, 2012, [int32(2013), int32(4), Buffer.from([0])])],
  ['an OP_QUERY without an end of its name', header(24, 2004, [int32(0), Buffer.from('test')])],
]
it.each(closing)('closes the connection at %s, and no other', async (_what, bytes) => {
  expect(await answerTo(bytes)).toBeUndefined()
})

const cutBody = withLength(ping.subarray(1), ping.length + 40)
const answered: [string, Buffer, Document][] = [
  ['no section', message([]), { code: 40587 }],
  ['no body', message([sequence('documents', [{}])]), { code: 40587 }],
  ['two bodies', message([ping, ping]), { code: 40430 }],
  ['an unknown kind of section', message([sections(2, ping.subarray(1))]), { code: 40432 }],
  [
    'a field that is a sequence too',
    message([body({ insert: 'c', documents: [], $db: 'w' }), sequence('documents', [{}])]),
    { code: 40433 },
  ],
  ['no $db', message([body({ ping: 1 })]), { code: 40571 }],
  [
    'a document that goes on beyond its message',
    message([sections(0, cutBody)]),
    { code: 22, codeName: 'InvalidBSON' },
  ],
  [
    'a sequence that goes on beyond its message',
    message([sections(1, Buffer.concat([int32(9999), Buffer.from('documents\0')])), ping]),
    { code: 22 },
  ],
  [
    'a document nested too deeply',
    message([body({ find: 'c', filter: nested(250), $db: 'w' })]),
    { code: 15, codeName: 'Overflow' },
  ],
]
it.each(answered)('answers %s with the error of MongoDB, and serves on', async (_what, bytes, expected) => {
  expect(await answerTo(bytes)).toMatchObject({ ok: 0, ...expected })
})

it.each(['', 'a.b', 'a b', 'x'.repeat(64)])('has no database named "%s"', async ($db) => {
  expect(await answerTo(message([body({ find: 'c', $db })]))).toMatchObject({ ok: 0, code: 73 })
})

it('takes a session as drivers name it, and nothing else for one', async () => {
  const find = (lsid: unknown) => answerTo(message([body({ find: 'c', lsid, $db: 'wire' })]))
  expect(await find({ id: new BSON.UUID() })).toMatchObject({ ok: 1 })
  expect(await find(1)).toMatchObject({ code: 14 })
  expect(await find({})).toMatchObject({ code: 40414 })
  expect(await find({ id: 'x' })).toMatchObject({ code: 14 })
})

it('takes a message whose checksum is right', async () => {
  expect(await answerTo(withChecksum(message([ping], 1), 0))).toEqual({ ok: 1 })
  // The example of RFC 3720, appendix B.4: 32 bytes of zeros.
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
})

it('answers an old OP_QUERY that greets, and tells every other that its driver is too old', async () => {
  const query = (name: string, command: Document) => {
    const rest = Buffer.concat([int32(0), Buffer.from(`${name}\0`), int32(0), int32(-1), BSON.serialize(command)])
    return header(16 + rest.length, 2004, [rest])
  }
  const reply = async (bytes: Buffer) => {
    const socket = connect(path)
    socket.write(bytes)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    return { flags: answer.readInt32LE(16), ...BSON.deserialize(answer.subarray(36)) }
  }
  expect(await reply(query('admin.$cmd', { ismaster: 1 }))).toMatchObject({ flags: 0, ok: 1, helloOk: true })
  expect(await reply(query('admin.$cmd', { insert: 'c' }))).toMatchObject({ flags: 2, code: 352 })
  expect(await reply(query('wire.things', {}))).toMatchObject({ flags: 2, ok: 0, code: 5739101 })
})

it('answers no write with moreToCome, done or not', async () => {
  const socket = connect(path)
  const insert = { insert: 'quiet', documents: [{ _id: 1 }], $db: 'wire' }
  for (let time = 0; time < 2; time++) socket.write(message([body(insert)], 2))
  socket.write(message([body({ drop: 7, $db: 'wire' })], 2))
  socket.write(message([], 2))
  expect(await ask(socket, { count: 'quiet', $db: 'wire' })).toEqual({ n: 1, ok: 1 })
  socket.end()
})

it('does what a client sent without wanting an answer before it went', async () => {
  const socket = connect(path)
  const inserts = Array.from({ length: 2_500 }, (_, _id) =>
    message([body({ insert: 'left', documents: [{ _id }], $db: 'wire' })], 2),
  )
  socket.end(Buffer.concat(inserts))
  const other = connect(path)
  await expect.poll(async () => (await ask(other, { count: 'left', $db: 'wire' })).n).toBe(2_500)
  other.end()
})

it('takes a message of 48,000,000 bytes and a document of 16 MiB', async () => {
  const socket = connect(path)
  const sized = (_id: number, bytes: number) => ({
    _id,
    t: 'x'.repeat(bytes - BSON.calculateObjectSize({ _id, t: '' })),
  })
  const largest = 16 * 1024 * 1024
  const first = [sized(1, largest), sized(2, largest)]
  const insert = body({ insert: 'large', $db: 'wire' })
  const left = 48_000_000 - message([insert, sequence('documents', first)]).length
  const whole = message([insert, sequence('documents', [...first, sized(3, left)])])
  expect(whole.length).toBe(48_000_000)
  socket.write(whole)
  expect(await answerOf(socket)).toEqual({ n: 3, ok: 1 })
  const tooLarge = message([insert, sequence('documents', [sized(4, largest + 1)])])
  socket.write(tooLarge)
  const { writeErrors } = await answerOf(socket)
  expect(writeErrors).toMatchObject([{ code: 10334, errmsg: expect.stringContaining('object to insert too large') }])
  socket.end()
})

function withChecksum(bytes: Buffer, off: number): Buffer {
  const whole = Buffer.concat([int32(bytes.length + 4), bytes.subarray(4)])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32LE((crc32c(whole) ^ off) >>> 0)
  return Buffer.concat([whole, checksum])
}
