import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { BSON, type Document } from 'mongodb'

export const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

/** An OP_MSG of these sections. */
export function message(sections: Buffer[], flags = 0): Buffer {
  const body = Buffer.concat([int32(flags), ...sections])
  return Buffer.concat([int32(16 + body.length), int32(7), int32(0), int32(2013), body])
}

export const body = (command: Document) => Buffer.concat([Buffer.from([0]), BSON.serialize(command)])

export async function answerOf(socket: Socket): Promise<Document> {
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return BSON.deserialize(bytes.subarray(21))
}

/** Sends one command and answers what came back. */
export function ask(socket: Socket, command: Document): Promise<Document> {
  socket.write(message([body({ ...command, $db: command.$db ?? 'admin' })]))
  return answerOf(socket)
}

/** Where the store of this directory has its socket. */
export async function socketPath(dir: string): Promise<string> {
  const note = await readFile(join(dir, 'store.uri'), 'utf8')
  return decodeURIComponent(note.slice('mongodb://'.length).split('/')[0] as string)
}

/** Documents beside the body of a message. */
export function sequence(name: string, documents: Document[]): Buffer {
  const bytes = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((each) => BSON.serialize(each))])
  return Buffer.concat([Buffer.from([1]), int32(4 + bytes.length), bytes])
}
