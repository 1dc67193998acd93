import { decodeDocument, documentEnd, rawDocuments } from '../bson/decode.ts'
import { type Encodable, encodeDocument } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'

const opMessage = 2013
const opQuery = 2004
const opReply = 1
const headerLength = 16
const checksumPresent = 1
const moreToCome = 2
/** Bits below 16 must be understood; these two are. */
const requiredBits = 0xffff

export interface Request {
  id: number
  command: Doc
  database: string
  /** The documents of an insert, byte for byte. */
  documents: Buffer[]
  /** The sender wants no answer. */
  silent: boolean
  /** An old OP_QUERY, answered by an OP_REPLY. */
  legacy: boolean
}

export class MalformedMessage extends Error {}

/** Reads one whole message. Throws MalformedMessage or MalformedBson when it is none. */
export function readMessage(message: Buffer): Request {
  const id = message.readInt32LE(4)
  const code = message.readInt32LE(12)
  if (code === opMessage) return readOpMessage(message, id)
  if (code === opQuery) return readOpQuery(message, id)
  throw new MalformedMessage(`unknown opcode ${code}`)
}

function readOpMessage(message: Buffer, id: number): Request {
  if (message.length < headerLength + 9) throw new MalformedMessage('cut short')
  const flags = message.readUInt32LE(headerLength)
  if (flags & requiredBits & ~(checksumPresent | moreToCome)) throw new MalformedMessage(`unknown flags ${flags}`)
  const end = message.length - (flags & checksumPresent ? 4 : 0)
  let command: Doc | undefined
  let documents: Buffer[] = []
  const sequences: [string, Value[]][] = []
  let at = headerLength + 4
  while (at < end) {
    const kind = message[at++]
    if (kind === 0) {
      if (command) throw new MalformedMessage('two bodies')
      const to = documentEnd(message, at)
      command = decodeDocument(message, at)
      if (command.has('documents')) documents = rawDocuments(message.subarray(at, to), 'documents')
      at = to
    } else if (kind === 1) {
      const sequence = readSequence(message, at, end)
      at = sequence.end
      sequences.push([sequence.name, sequence.documents.map((each) => decodeDocument(each))])
      if (sequence.name === 'documents') documents = sequence.documents
    } else throw new MalformedMessage(`unknown section ${kind}`)
  }
  if (!command || at !== end) throw new MalformedMessage('no body')
  for (const [name, values] of sequences) {
    if (command.has(name)) throw new MalformedMessage(`${name} twice`)
    command.set(name, values)
  }
  const database = command.get('$db')
  if (typeof database !== 'string') throw new MalformedMessage('no $db')
  return { id, command, database, documents, silent: (flags & moreToCome) !== 0, legacy: false }
}

function readSequence(message: Buffer, start: number, end: number): { name: string; documents: Buffer[]; end: number } {
  if (start + 5 > end) throw new MalformedMessage('section cut short')
  const to = start + message.readInt32LE(start)
  const zero = message.indexOf(0, start + 4)
  if (to > end || zero < 0 || zero >= to) throw new MalformedMessage('section length')
  const documents: Buffer[] = []
  for (let at = zero + 1; at < to; ) {
    const next = documentEnd(message, at)
    if (next > to) throw new MalformedMessage('document beyond its section')
    documents.push(message.subarray(at, next))
    at = next
  }
  return { name: message.toString('utf8', start + 4, zero), documents, end: to }
}

function readOpQuery(message: Buffer, id: number): Request {
  const zero = message.indexOf(0, headerLength + 4)
  if (zero < 0 || zero + 9 >= message.length) throw new MalformedMessage('cut short')
  const namespace = message.toString('utf8', headerLength + 4, zero)
  if (!namespace.endsWith('.$cmd')) throw new MalformedMessage('OP_QUERY is for the first greeting only')
  const outer = decodeDocument(message, zero + 9)
  const query = outer.get('$query')
  return {
    id,
    command: query instanceof Map ? query : outer,
    database: namespace.slice(0, -5),
    documents: [],
    silent: false,
    legacy: true,
  }
}

let nextId = 1

export function writeReply(to: Request, reply: Map<string, Encodable>): Buffer[] {
  const body = encodeDocument(reply)
  const fixed = to.legacy ? 20 : 5
  const head = Buffer.alloc(headerLength + fixed)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(nextId, 4)
  nextId = (nextId + 1) & 0x7fffffff
  head.writeInt32LE(to.id, 8)
  head.writeInt32LE(to.legacy ? opReply : opMessage, 12)
  if (to.legacy) head.writeInt32LE(1, headerLength + 16)
  return [head, body]
}
