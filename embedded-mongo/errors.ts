import type { Doc } from './bson/values.ts'

const codeNames = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  34: 'CannotBackfillArray',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  55: 'NotExactValueField',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  115: 'CommandNotSupported',
  123: 'NotAReplicaSet',
  146: 'ExceededMemoryLimit',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  224: 'QueryFeatureNotAllowed',
  237: 'CursorKilled',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  322: 'APIVersionError',
  323: 'APIStrictError',
  334: 'MechanismUnavailable',
  352: 'UnsupportedOpQueryCommand',
  11000: 'DuplicateKey',
  10334: 'BSONObjectTooLarge',
  11600: 'InterruptedAtShutdown',
  12051: 'CursorInUse',
  14031: 'OutOfDiskSpace',
} as const satisfies Record<number, string>

/** An error a client is answered with: MongoDB's code and words. */
export class CommandError extends Error {
  readonly code: number
  readonly extra: Doc | undefined
  constructor(code: number, message: string, extra?: Doc) {
    super(message)
    this.code = code
    this.extra = extra
  }
  get codeName(): string {
    return (codeNames as Record<number, string>)[this.code] ?? `Location${this.code}`
  }
}

export function fail(code: number, message: string): never {
  throw new CommandError(code, message)
}

/** Of a name that MongoDB may know and this store does not: MongoDB's words, and where to look what is here. */
export function failUnknown(code: number, message: string): never {
  fail(code, `${message}; the README of the embedded store lists those that it has`)
}
