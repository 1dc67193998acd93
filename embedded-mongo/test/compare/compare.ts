import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Document } from 'mongodb'
import type { Doc } from '../../bson/values.ts'
import { startEmbeddedMongo } from '../../server.ts'
import { Dice } from './dice.ts'
import { difference, extendedJson } from './difference.ts'
import { Endpoint, ServerGoneError } from './endpoint.ts'
import { documentsOf, type Outcome, outcomeOf } from './outcome.ts'
import { document } from './random-documents.ts'
import { aggregate, count, distinct, find } from './random-reads.ts'
import { deleteCommand, findAndModify, updateCommand } from './random-writes.ts'
import { Report } from './report.ts'

// npm run test:compare [seed] [rounds]: sends random commands to the embedded store and to the server at
// TEST_MONGODB_URI, and tells where their answers differ. Exit code 1: a difference that known.ts does not explain.
const [seed = Date.now() % 1_000_000, rounds = 100] = process.argv.slice(2).map(Number)
const uri = process.env.TEST_MONGODB_URI
if (!uri) throw new Error('TEST_MONGODB_URI names no server to compare with')

const documentsARound = 6
const casesARound = 40
const writing = new Set(['update', 'findAndModify', 'delete'])
const report = new Report()

const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-compare-'))
const store = await startEmbeddedMongo({ dir })
const database = `diff_${process.pid}`
const [ours, theirs] = [new Endpoint(store.uri, database), new Endpoint(uri, database)]
try {
  for (let number = 0; number < rounds; number++) await round(new Dice(seed * 100_003 + number), `c${number}`)
  await patiently(() => ask(theirs, { dropDatabase: 1 }))
} finally {
  for (const server of [ours, theirs]) server.close()
  await store.close()
  await rm(dir, { recursive: true })
}
process.stdout.write(`${report.told(seed, rounds)}\n`)
process.exitCode = report.unexplained > 0 ? 1 : 0

function random(dice: Dice, collection: string): Document {
  return dice.way<Document>(
    [8, () => find(dice, collection)],
    [1, () => distinct(dice, collection)],
    [1, () => count(dice, collection)],
    [4, () => aggregate(dice, collection, collection)],
    [6, () => updateCommand(dice, collection, documentsARound)],
    [2, () => findAndModify(dice, collection, documentsARound)],
    [1, () => deleteCommand(dice, collection, documentsARound)],
  )
}

async function round(dice: Dice, collection: string): Promise<void> {
  const documents = Array.from({ length: documentsARound }, (_, _id) => ({ _id, ...document(dice) }))
  dice.documents = documents
  const reset = async () => {
    await patiently(() => fill(theirs, collection, documents))
    await fill(ours, collection, documents)
  }
  await reset()
  for (let at = 0; at < casesARound; at++) {
    const command = random(dice, collection)
    if (crashes(command)) {
      report.notSent++
      continue
    }
    const before = await contents(ours, collection)
    const mine = await outcome(ours, command, collection)
    try {
      const agreed = report.judge(difference(command, before, mine, await outcome(theirs, command, collection)))
      if ((mine.after && !agreed) || at % 10 === 9) await reset()
    } catch (error) {
      if (!(error instanceof ServerGoneError)) throw error
      report.crashes.push(command)
      await reset()
    }
  }
}

async function outcome(server: Endpoint, command: Document, collection: string): Promise<Outcome> {
  const result = outcomeOf(command, await ask(server, command))
  const writes = writing.has(Object.keys(command)[0] as string)
  return writes ? { ...result, after: await contents(server, collection) } : result
}

async function contents(server: Endpoint, collection: string): Promise<string[]> {
  return documentsOf(await ask(server, { find: collection, sort: { _id: 1 }, batchSize: 1000 }))
}

async function fill(server: Endpoint, collection: string, documents: Document[]): Promise<void> {
  await ask(server, { delete: collection, deletes: [{ q: {}, limit: 0 }] })
  const answer = await ask(server, { insert: collection, documents })
  if (answer.has('writeErrors')) throw new Error('a random document is refused')
}

async function ask(server: Endpoint, command: Document): Promise<Doc> {
  const reply = await server.ask(command)
  if (String(reply.get('errmsg')).includes('the engine went away')) throw new ServerGoneError('the engine went away')
  return reply
}

/** The reference engine comes back some seconds after a crash. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ServerGoneError) || tries > 20) throw error
      await sleep(1000)
    }
  }
}

/** R1: a projection with `$elemMatch` beside another path ends the reference engine. */
function crashes(command: Document): boolean {
  const projection: Document = command.projection ?? command.fields ?? {}
  return Object.keys(projection).length > 1 && extendedJson(projection).includes('"$elemMatch"')
}
