import { type Logger, pino } from 'pino'

export type { Logger }

/** Logs go to standard error as JSON lines; standard output is for the lines that a person looks for. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, serializers: { err: outline } }, pino.destination({ fd: 2, sync: false }))
}

/** What a log may say of an error. Its other properties stay out: some libraries put the call's payload there, with its text. */
function outline(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  return { type: name, message, stack, ...code, ...(cause !== undefined && { cause: outline(cause) }) }
}
