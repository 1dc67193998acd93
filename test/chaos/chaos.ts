import { chaosDefaults, runChaos } from './run.ts'

// npm run chaos: CHAOS_SEED repeats a run, CHAOS_DEATHS shortens one.
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)
const deaths = Number(process.env.CHAOS_DEATHS ?? chaosDefaults.deaths)
const say = (line: string) => process.stdout.write(`${line}\n`)

const { ledger, deeds } = await runChaos({ seed, deaths, tell: (line) => process.stderr.write(`${line}\n`) })
say(`\nChaos with CHAOS_SEED=${seed}\n`)
for (const [name, count] of deeds) say(`  ${count} × ${name}`)
say('')
for (const { what, count, wrong } of ledger) {
  say(`${wrong.length === 0 ? 'holds' : 'BROKEN'}  ${what}: ${count}`)
  for (const line of wrong.slice(0, 20)) say(`          ${line}`)
}
if (ledger.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1
