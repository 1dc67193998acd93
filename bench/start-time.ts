import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, launch } from '../test/rookery-process.ts'
import { median } from './stats.ts'
import type { Line } from './table.ts'

const rounds = 3

/**
 * `npm start` without settings, from the process's birth to its last printed line: with a fresh data folder, and with
 * the same again.
 */
export async function measureStart(): Promise<Line[]> {
  const cold: number[] = []
  const warm: number[] = []
  for (let round = 0; round < rounds; round++) {
    const dir = await mkdtemp(join(tmpdir(), 'rookery-bench-'))
    cold.push(await startAndStop(dir))
    warm.push(await startAndStop(dir))
    await rm(dir, { recursive: true })
  }
  return [
    {
      what: 'start to the printed lines, cold',
      measured: ms(median(cold)),
      note: `fresh data folder, median of ${rounds}`,
    },
    {
      what: 'start to the printed lines, warm',
      measured: ms(median(warm)),
      note: `same folder again, median of ${rounds}`,
    },
  ]
}

async function startAndStop(dir: string): Promise<number> {
  const env = { ...(await freePorts()), DEMO_DIRECTORY: 'on' }
  const from = performance.now()
  const started = launch({ dir, env, args: ['start'] })
  await started.says(/Claim code of Metabot/)
  const took = performance.now() - from
  await started.stop()
  return took
}

const ms = (milliseconds: number) => `${Math.round(milliseconds)} ms`
