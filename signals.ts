import type { Logger } from './config/logger.ts'

const impatientAfterMs = 1_000

/** Closes in good order at the first SIGINT or SIGTERM. */
export function closeAtSignal(close: () => Promise<void>, log: Logger): void {
  // npm passes Ctrl-C on although the terminal has sent it already: a second signal right after the first is the same wish.
  let stopping: number | undefined
  const stop = () => {
    if (stopping !== undefined) {
      if (performance.now() - stopping > impatientAfterMs) process.exit(1)
      return
    }
    stopping = performance.now()
    process.stdout.write('Stopping: what is under way is finished first. Ctrl-C again stops at once.\n')
    close()
      .catch((error) => {
        log.fatal({ err: error }, 'could not stop cleanly')
        process.exitCode = 1
      })
      // Agenda watches a job that has run for minutes more, and would hold up the end as long.
      .finally(() => process.exit())
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
