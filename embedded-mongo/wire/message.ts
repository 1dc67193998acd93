import { decodeDocument, documentEnd, MalformedBson, rawDocuments } from '../bson/decode.ts'
import { type Encodable, encodeDocument } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { CommandError, fail } from '../errors.ts'
import { crc32c } from './checksum.ts'

const opMessage = 2013
const opQuery = 2004
const opReply = 1
const headerLength = 16
const checksumPresent = 1
const moreToCome = 2
/** Bits below 16 must be understood; these two are. */
const requiredBits = 0xffff
const mostSequences = 2
const queryFailure = 2
/** What may still come by an OP_QUERY. */
const greetings = ['hello', 'ismaster', 'isMaster']

/** Whom an answer goes to. */
interface Sender {
  id: number
  /** It wants no answer. */
  silent: boolean
  /** It sent an old OP_QUERY, answered by an OP_REPLY. */
  legacy: boolean
}

export interface Request extends Sender {
  command: Doc
  database: string
  /** The documents of an insert, byte for byte. */
  documents: Buffer[]
}

/** A message whose end is known, but that holds no command. */
export interface Unreadable extends Sender {
  refusal: CommandError
}

export type Received = Request | Unreadable

/** What MongoDB does not answer either: the connection is closed. */
export class MalformedMessage extends Error {}

/** Reads one whole message. @throws MalformedMessage */
export function readMessage(message: Buffer): Received {
  const id = message.readInt32LE(4)
  const code = message.readInt32LE(12)
  if (code === opMessage) {
    if (message.length < headerLength + 4) throw new MalformedMessage('cut short')
    const flags = message.readUInt32LE(headerLength)
    const sender = { id, silent: (flags & moreToCome) !== 0, legacy: false }
    return orRefused(sender, () => ({ ...sender, ...readOpMessage(message, flags) }))
  }
  if (code === opQuery) {
    const sender = { id, silent: false, legacy: true }
    return orRefused(sender, () => ({ ...sender, ...readOpQuery(message) }))
  }
  throw new MalformedMessage(`unknown opcode ${code}`)
}

function orRefused(sender: Sender, read: () => Request): Received {
  try {
    return read()
  } catch (error) {
    if (error instanceof CommandError) return { ...sender, refusal: error }
    if (error instanceof MalformedBson) return { ...sender, refusal: new CommandError(22, error.message) }
    throw error
  }
}

type Content = Omit<Request, keyof Sender>

function readOpMessage(message: Buffer, flags: number): Content {
  if (flags & requiredBits & ~(checksumPresent | moreToCome)) throw new MalformedMessage(`unknown flags ${flags}`)
  const end = message.length - (flags & checksumPresent ? 4 : 0)
  if (flags & checksumPresent && crc32c(message.subarray(0, end)) !== message.readUInt32LE(end))
    throw new MalformedMessage('checksum')
  let command: Doc | undefined
  let documents: Buffer[] = []
  const sequences: [string, Value[]][] = []
  let at = headerLength + 4
  while (at < end) {
    const kind = message[at++]
    if (kind === 0) {
      if (command) fail(40430, 'Multiple body sections in message')
      const to = documentEnd(message, at)
      command = decodeDocument(message, at)
      if (command.has('documents')) documents = rawDocuments(message.subarray(at, to), 'documents')
      at = to
    } else if (kind === 1) {
      if (sequences.length === mostSequences) throw new MalformedMessage('too many sequences')
      const sequence = readSequence(message, at, end)
      at = sequence.end
      sequences.push([sequence.name, sequence.documents.map((each) => decodeDocument(each))])
      if (sequence.name === 'documents') documents = sequence.documents
    } else fail(40432, `Unknown section kind ${kind}`)
  }
  if (!command) return fail(40587, 'OP_MSG messages must have a body')
  if (at !== end) fail(22, 'a section goes beyond its message')
  for (const [name, values] of sequences) {
    if (command.has(name)) fail(40433, `Duplicate field between body and document sequence ${name}`)
    command.set(name, values)
  }
  const database = command.get('$db')
  if (typeof database !== 'string') return fail(40571, 'OP_MSG requests require a $db argument')
  return { command, database, documents }
}

function readSequence(message: Buffer, start: number, end: number): { name: string; documents: Buffer[]; end: number } {
  if (start + 5 > end) fail(22, 'section cut short')
  const to = start + message.readInt32LE(start)
  const zero = message.indexOf(0, start + 4)
  if (to > end || zero < 0 || zero >= to) fail(22, 'section length')
  const documents: Buffer[] = []
  for (let at = zero + 1; at < to; ) {
    const next = documentEnd(message, at)
    if (next > to) fail(22, 'document beyond its section')
    documents.push(message.subarray(at, next))
    at = next
  }
  return { name: message.toString('utf8', start + 4, zero), documents, end: to }
}

function readOpQuery(message: Buffer): Content {
  const zero = message.indexOf(0, headerLength + 4)
  if (zero < 0 || zero + 9 >= message.length) throw new MalformedMessage('cut short')
  const namespace = message.toString('utf8', headerLength + 4, zero)
  if (!namespace.endsWith('.$cmd'))
    fail(5739101, 'OP_QUERY is no longer supported. The client driver may require an upgrade.')
  const outer = decodeDocument(message, zero + 9)
  const query = outer.get('$query')
  const command = query instanceof Map ? query : outer
  const name = command.keys().next().value ?? ''
  if (!greetings.includes(name))
    fail(352, `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`)
  return { command, database: namespace.slice(0, -5), documents: [] }
}

let nextId = 1

export function writeReply(to: Received, reply: Map<string, Encodable>): Buffer[] {
  const body = encodeDocument(reply)
  const fixed = to.legacy ? 20 : 5
  const head = Buffer.alloc(headerLength + fixed)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(nextId, 4)
  nextId = (nextId + 1) & 0x7fffffff
  head.writeInt32LE(to.id, 8)
  head.writeInt32LE(to.legacy ? opReply : opMessage, 12)
  if (to.legacy) {
    if ('refusal' in to) head.writeInt32LE(queryFailure, headerLength)
    head.writeInt32LE(1, headerLength + 16)
  }
  return [head, body]
}
