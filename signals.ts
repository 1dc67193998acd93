import type { Logger } from './config/logger.ts'

const impatientAfterMs = 1_000

/** Closes in good order at the first SIGINT or SIGTERM. */
export function closeAtSignal(close: () => Promise<void>, log: Logger): void {
  atFirstSignal(() => {
    sayStopping('what is under way is finished first')
    close()
      .catch((error) => {
        log.fatal({ err: error }, 'could not stop cleanly')
        process.exitCode = 1
      })
      // Agenda watches a job that has run for minutes more, and would hold up the end as long.
      .finally(() => process.exit())
  })
}

/** The first SIGINT or SIGTERM breaks the work off, with this error as the reason, so that it can put things back. */
export async function breakOffAtSignal<T>(reason: Error, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const broken = new AbortController()
  const unheard = atFirstSignal(() => {
    sayStopping('what was copied is taken away first')
    broken.abort(reason)
  })
  try {
    return await work(broken.signal)
  } finally {
    // Else the second of npm's two would end the process before it has said why.
    if (!broken.signal.aborted) unheard()
  }
}

function sayStopping(what: string): void {
  process.stdout.write(`Stopping: ${what}. Ctrl-C again stops at once.\n`)
}

/** Answers what lets signals end the process again. */
function atFirstSignal(act: () => void): () => void {
  // npm passes Ctrl-C on although the terminal has sent it already: a second signal right after the first is the same
  // wish.
  let stopping: number | undefined
  const stop = () => {
    if (stopping !== undefined) {
      if (performance.now() - stopping > impatientAfterMs) process.exit(1)
      return
    }
    stopping = performance.now()
    act()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}
