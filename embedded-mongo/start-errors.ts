/** The store of this directory is open already, in this process or another. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError'
}

/** The store's file is damaged, of another format, or not one of ours. It has not been touched. */
export class UnusableStoreError extends Error {
  override readonly name = 'UnusableStoreError'
}

/** The port is taken, or this user may not listen on it; `code` is the system's. */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly code: string
  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** The store's thread has ended by itself. What was acknowledged is on the disk; a new start opens it. */
export class StoreLostError extends Error {
  override readonly name = 'StoreLostError'
}
