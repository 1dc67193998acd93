/** Those of MongoDB's protocol, as `hello` tells them: bytes of a document and of a message, writes in a command. */
export const largestDocument = 16 * 1024 * 1024
export const largestMessage = 48_000_000
export const mostWrites = 100_000

/** What bounds the work of one store. */
export interface Limits {
  /** Open at once, by the socket and by the ports together; one over it is closed. */
  connections: number
  /** Of these, by a port and not logged in. A driver's monitor never logs in, and is one of them. */
  strangers: number
  /** How long a connection by a port may take over its first message. */
  firstMessageMs: number
  /** How long who has not logged in may then say nothing. A driver's monitor speaks every 10 s. */
  strangerSilenceMs: number
  cursors: number
  cursorIdleMs: number
  /** What one stage of one command may hold in memory, as in MongoDB. */
  stageBytes: number
  /** What all of them may hold together, open cursors with their sorted results among them. */
  sharedBytes: number
}

/** Enough for ten processes with mongoose's pools of 100 at their fullest. */
export const defaultLimits: Limits = {
  connections: 1_000,
  strangers: 200,
  firstMessageMs: 10_000,
  strangerSilenceMs: 5 * 60_000,
  cursors: 10_000,
  cursorIdleMs: 10 * 60_000,
  stageBytes: 100 * 1024 * 1024,
  sharedBytes: 256 * 1024 * 1024,
}
