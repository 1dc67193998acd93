import { readFile } from 'node:fs/promises'
import type { LaunchedProcess } from '../test/rookery-process.ts'

/** Seconds of processor time that a process has used, by the kernel's ticks of 10 ms. */
export async function cpuSeconds({ pid }: LaunchedProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
