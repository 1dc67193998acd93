/** What stands against a copy, in one line that a person can act upon. */
export class CopyError extends Error {
  override readonly name: string = 'CopyError'
}

/** The source holds no collections. */
export class EmptySourceError extends CopyError {
  override readonly name = 'EmptySourceError'
}

/** The target holds a collection. */
export class FilledTargetError extends CopyError {
  override readonly name = 'FilledTargetError'
}
