import { type Logger, pino } from 'pino'

export type { Logger }

/** Logs go to standard error as JSON lines; standard output is for the lines that a person looks for. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null }, pino.destination({ fd: 2, sync: false }))
}
