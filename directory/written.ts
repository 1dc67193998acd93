import type { Answer } from './exchange.ts'
import { DirectoryFailure } from './failure.ts'
import { isRecord } from './respell.ts'
import type { CallName } from './settings.ts'

/** Reads the answer to a write about an account. An empty body is as good as any. @throws DirectoryFailure */
export function written(call: CallName, answer: Answer): 'done' | 'not found' {
  if (answer.status === 404 && !answer.page) return 'not found'
  const body = succeeded(call, answer)
  return isRecord(body) && body.success === false ? 'not found' : 'done'
}

/** The body of a success. @throws DirectoryFailure */
export function succeeded(call: CallName, { status, ok, page, body }: Answer): unknown {
  if (!ok) throw new DirectoryFailure(page ? 'notJson' : 'failed', call, { status })
  return body
}

/** Whether the directory says that it has no such call: also by a page that says 404, which comes from its web server. */
export function isAbsent({ status, page }: Answer): boolean {
  return status === 405 || status === 501 || (status === 404 && page)
}
