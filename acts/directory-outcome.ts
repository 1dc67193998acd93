import type { TextKey, TextParams } from '../config/i18n.ts'
import type { Checked } from '../directory/check.ts'
import type { FailureDetail, FailureKind } from '../directory/failure.ts'
import type { DirectorySettings } from '../directory/settings.ts'

/** What a check came to, as plain JSON: of whom was found the name and the ID, and no more. */
export type DirectoryOutcome =
  | { ok: true; found: 'not found' | 'several' | { userId: string; name: string } }
  | { ok: false; kind: FailureKind; detail: FailureDetail; seconds: number }

export function outcomeOf(checked: Checked, { timeoutMs }: Pick<DirectorySettings, 'timeoutMs'>): DirectoryOutcome {
  if (!checked.ok) {
    const { kind, detail } = checked.failure
    return { ok: false, kind, detail, seconds: timeoutMs / 1000 }
  }
  const { found } = checked
  if (typeof found === 'string') return { ok: true, found }
  const { userId, firstname, lastname } = found
  return { ok: true, found: { userId, name: [firstname, lastname].filter(Boolean).join(' ') || '–' } }
}

export type Words = { key: TextKey; params: TextParams }

/** Whether the directory works, or what is wrong and what can be done about it. */
export function checkInWords(outcome: DirectoryOutcome): Words {
  if (outcome.ok) return { key: 'directory-check.works', params: {} }
  const { kind, detail, seconds } = outcome
  return failureInWords(kind, { ...detail, seconds })
}

/** Who was found for a question that an admin asked. */
export function foundInWords(outcome: DirectoryOutcome): Words {
  if (!outcome.ok) return checkInWords(outcome)
  const { found } = outcome
  if (found === 'not found') return { key: 'directory-check.nobody', params: {} }
  return found === 'several'
    ? { key: 'directory-check.several', params: {} }
    : { key: 'directory-check.found', params: found }
}

/** A kind of failure in the words of an admin; what is not known of it is left out. */
export function failureInWords(kind: FailureKind, detail: FailureDetail & { seconds?: number } = {}): Words {
  const { code, status = '–', field = '–', seconds = '–' } = detail
  const params = { code: code ?? '–', status, field, seconds }
  if (code === 'TIMEOUT') return { key: 'directory-check.timeout', params }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { key: 'directory-check.noHost', params }
  if (code === 'TOO_LARGE') return { key: 'directory-check.tooLarge', params }
  return { key: `directory-check.${kind}`, params }
}
