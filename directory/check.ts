import { type Question, question } from './account-data.ts'
import type { Answer } from './exchange.ts'
import { DirectoryFailure } from './failure.ts'
import type { Found } from './find-cache.ts'
import { foundIn } from './found.ts'

/** Whether a directory works, and what it answered; or what is wrong with it. */
export type Checked = { ok: true; found: Found } | { ok: false; failure: DirectoryFailure }

/** An address that nobody has (RFC 2606); an invented ID might be of a form that the directory refuses. */
const nobody: Question = { email: 'nobody@directory.invalid' }

/** Asks once, and is stricter than a find: a page that says 404 is a wrong address, and who finds nobody's account did not listen. */
export async function check(ask: (data: Question) => Promise<Answer>, by: Question = nobody): Promise<Checked> {
  try {
    const answer = await ask(question.parse(by))
    if (answer.status === 404 && answer.page) throw new DirectoryFailure('notJson', 'find', { status: 404 })
    const found = foundIn(answer)
    if (by === nobody && found !== 'not found') throw new DirectoryFailure('ignoresQuestion', 'find')
    return { ok: true, found }
  } catch (error) {
    if (error instanceof DirectoryFailure) return { ok: false, failure: error }
    throw error
  }
}
