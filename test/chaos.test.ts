import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from './chaos/ledger.ts'
import { runChaos } from './chaos/run.ts'

// A short share of `npm run chaos`: two processes on one store, which die and stand still.
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)
const told: string[] = []
let ledger: Entry[] = []

beforeAll(async () => {
  const few = { bots: 2, fillers: 4, users: 12, callsPerSecond: 10, schedules: 6, recurring: false }
  const short = { deaths: 2, everyMs: 500, freezeMs: 2_000 }
  ;({ ledger } = await runChaos({ ...few, ...short, seed, tell: (line) => told.push(line) }))
}, 180_000)

afterAll(() => {
  process.stdout.write(`Chaos: CHAOS_SEED=${seed}; ${told.join('; ')}\n`)
})

test('whatever happens, what was promised is kept', () => {
  expect(ledger.length).toBeGreaterThan(0)
  expect(ledger.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})
