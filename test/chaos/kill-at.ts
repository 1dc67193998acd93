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
function setsState({ update, updates }: Command, collection: string, state: string): boolean {
  if (update !== collection) return false
  const statements = Array.isArray(updates) ? updates : ((updates as { documents?: unknown[] }).documents ?? [])
  return statements.some(({ u }) => u?.$set?.state === state)
}
