/** How patiently a directory is called. Times in milliseconds. */
export type DirectoryLimits = {
  /** How often a call is tried in all. */
  attempts: number
  /** The pause after the first attempt; each further one is three times as long. */
  pauseMs: number
  /** How long a found account is remembered. */
  cacheMs: number
  /** After how many failed attempts in a row the breaker opens. */
  failures: number
  /** For how long it stays open. */
  openMs: number
}

export const usualLimits: DirectoryLimits = {
  attempts: 3,
  pauseMs: 200,
  cacheMs: 30_000,
  failures: 5,
  openMs: 30_000,
}
