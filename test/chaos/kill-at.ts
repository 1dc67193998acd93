import { createRequire } from 'node:module'

// A preload (node --import): the process kills itself at a named point of its work, the nth time that it gets there. It watches what
// the driver sends to the store, so the product knows nothing of it. KILL_AT is the point, KILL_AT_NTH how often it is passed before.

type Command = Record<string, unknown>
type Send = (this: unknown, namespace: unknown, command: Command, ...rest: unknown[]) => Promise<unknown>
type Point = { when: 'before' | 'after'; meets: (command: Command) => boolean }

const points: Record<string, Point> = {
  'update stored': { when: 'after', meets: ({ insert }) => insert === 'updates' },
  'message sent': { when: 'before', meets: (command) => setsState(command, 'deliveries', 'sent') },
  'state written': { when: 'after', meets: ({ update }) => update === 'dialogues' },
  'delivery claimed': { when: 'after', meets: (command) => setsState(command, 'deliveries', 'sending') },
  'schedule fired': { when: 'after', meets: ({ insert }) => insert === 'occurrences' },
  'code made': { when: 'after', meets: ({ insert }) => insert === 'codes' },
  'waiting gathered': { when: 'after', meets: (command) => sets(command, 'deliveries', 'mergedInto') },
  'person blocked': { when: 'before', meets: (command) => sets(command, 'people', 'blocked') },
  'person parted': { when: 'before', meets: (command) => sets(command, 'people', 'parted') },
}

const point = points[process.env.KILL_AT ?? '']
let left = Number(process.env.KILL_AT_NTH ?? 0)

if (point) {
  const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js')
  const { prototype }: { prototype: { command: Send } } = Connection
  const { command: send } = prototype
  prototype.command = async function (namespace, command, ...rest) {
    const here = point.meets(command) && left-- <= 0
    if (here && point.when === 'before') process.kill(process.pid, 'SIGKILL')
    const answer = await send.call(this, namespace, command, ...rest)
    if (here) process.kill(process.pid, 'SIGKILL')
    return answer
  }
}

/** Whether a command updates a collection's documents to this state. */
function setsState(command: Command, collection: string, state: string): boolean {
  return changes(command, collection).some(({ state: set }) => set === state)
}

/** Whether a command sets this field of a collection's documents. */
function sets(command: Command, collection: string, field: string): boolean {
  return changes(command, collection).some((set) => set[field] !== undefined)
}

/** What a command sets in a collection's documents, statement by statement. */
function changes({ update, updates }: Command, collection: string): Command[] {
  if (update !== collection) return []
  const statements = Array.isArray(updates) ? updates : ((updates as { documents?: unknown[] }).documents ?? [])
  return statements.map(({ u }) => u?.$set ?? {})
}
