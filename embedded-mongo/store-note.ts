import { lstat, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { storeField } from './auth/credentials.ts'
import { decodeDocument } from './bson/decode.ts'
import { encodeDocument } from './bson/encode.ts'

export const socketName = 's.sock'
const patienceMs = 2_000
const largestGreeting = 4_096

const noteIn = (root: string) => join(root, 'store.uri')

/** Writes down for the user's other commands where the store is reached: nobody else may read it. */
export async function writeNote(root: string, uri: string): Promise<void> {
  await removeStaleSocket(root)
  await rm(noteIn(root), { force: true })
  await writeFile(noteIn(root), `${uri}\n`, { mode: 0o600 })
}

export const removeNote = (root: string): Promise<void> => rm(noteIn(root), { force: true })

/** The URI of the store that serves this directory now; undefined if no server answers there. */
export async function runningStoreUri(dir: string): Promise<string | undefined> {
  const noted = await readNote(resolve(dir))
  if (!noted) return undefined
  const { path, port, user } = noted
  const there = path === undefined ? await isStoreOf(port, user) : await answers(path)
  return there ? noted.uri : undefined
}

interface Noted {
  uri: string
  path?: string
  port: number
  user: string
}

async function readNote(root: string): Promise<Noted | undefined> {
  const uri = (await readFile(noteIn(root), 'utf8').catch(unlessGone(''))).trim()
  const [, login, host] = /^mongodb:\/\/(?:([^@/]+)@)?([^@/]+)\//.exec(uri) ?? []
  if (host === undefined) return undefined
  if (login === undefined) return { uri, path: decodeURIComponent(host), port: 0, user: '' }
  const { port, username } = new URL(uri)
  return { uri, port: Number(port), user: decodeURIComponent(username) }
}

/**
 * A killed process leaves its socket behind; whoever has the file's lock may clear it away. Only the socket and its
 * folder, if that is then empty: a note is no reason to delete anything else.
 */
async function removeStaleSocket(root: string): Promise<void> {
  const path = (await readNote(root))?.path
  if (path === undefined || basename(path) !== socketName) return
  const isSocket = await lstat(path).then((entry) => entry.isSocket(), unlessGone(false))
  if (!isSocket) return
  await rm(path)
  await rmdir(dirname(path)).catch(unlessGone(undefined))
}

const unlessGone =
  <T>(otherwise: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT' || error.code === 'ENOTEMPTY') return otherwise
    throw error
  }

const answers = (path: string): Promise<boolean> =>
  asked(connect(path), (socket, done) => socket.once('connect', () => done(true)))

/** Whether that store has the port, and not another program that got it after a kill. */
function isStoreOf(port: number, user: string): Promise<boolean> {
  return asked(connect(port, '127.0.0.1'), (socket, done) => {
    let answer = Buffer.alloc(0)
    socket.write(greeting)
    socket.on('data', (piece) => {
      answer = Buffer.concat([answer, piece])
      const length = answer.length < 4 ? 0 : answer.readInt32LE(0)
      if (length > largestGreeting) done(false)
      else if (length > 0 && answer.length >= length) done(saysItIs(user, answer))
    })
  })
}

function saysItIs(user: string, answer: Buffer): boolean {
  try {
    return decodeDocument(answer, 21).get(storeField) === user
  } catch {
    // No answer of ours.
    return false
  }
}

function asked(socket: Socket, ask: (socket: Socket, done: (answer: boolean) => void) => void): Promise<boolean> {
  return new Promise<boolean>((done) => {
    socket.setTimeout(patienceMs, () => done(false))
    socket.once('error', () => done(false)).once('close', () => done(false))
    ask(socket, done)
  }).finally(() => socket.destroy())
}

const greeting = message(
  encodeDocument(
    new Map<string, string | number>([
      ['hello', 1],
      ['$db', 'admin'],
    ]),
  ),
)

/** An OP_MSG of this body. */
function message(body: Buffer): Buffer {
  const head = Buffer.alloc(21)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(2013, 12)
  return Buffer.concat([head, body])
}
