import { DirectoryFailure } from './failure.ts'
import type { CallName } from './settings.ts'

const aboutTls = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/

/**
 * Which failure it is that fetch threw. Only its code is kept, for its words may quote the address or a header.
 * @throws what is no failure of the network
 */
export function networkFailure(error: unknown, call: CallName): DirectoryFailure {
  if (!(error instanceof Error)) throw error
  if (error.name === 'TimeoutError') return new DirectoryFailure('unreachable', call, { code: 'TIMEOUT' })
  const code = codeOf(error.cause) ?? codeOf(error)
  if (code === undefined) throw error
  return new DirectoryFailure(aboutTls.test(code) ? 'certificate' : 'unreachable', call, { code })
}

/** A name with several addresses fails with a list of errors, one an address. */
function codeOf(cause: unknown): string | undefined {
  if (cause instanceof AggregateError && !('code' in cause)) return codeOf(cause.errors[0])
  if (!(cause instanceof Error) || !('code' in cause)) return undefined
  return typeof cause.code === 'string' ? cause.code : undefined
}
