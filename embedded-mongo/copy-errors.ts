/** Which of the two databases. */
export type Side = 'source' | 'target'

/** What stands against a copy, in one line that a person can act upon. */
export class CopyError extends Error {
  override readonly name: string = 'CopyError'
  /** Where that is; undefined when it lies between the two. */
  readonly side: Side | undefined
  constructor(message: string, side?: Side, options?: ErrorOptions) {
    super(message, options)
    this.side = side
  }
}

/** The source holds no collections. */
export class EmptySourceError extends CopyError {
  override readonly name = 'EmptySourceError'
}

/** A copy has failed, for the reason that is the cause, and what it had copied could not be taken away. */
export class LeftoverError extends CopyError {
  override readonly name = 'LeftoverError'
  /** What stands there, and what to do about it. */
  readonly left: string
  override readonly cause: Error
  constructor(cause: Error, left: string) {
    super(`${cause.message}; ${left}`, 'target')
    this.cause = cause
    this.left = left
  }
}
