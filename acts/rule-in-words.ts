import type { z } from 'zod'
import type { TextKey, TextParams } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'

/** The sentences of our schemas, which are for developers, and what an admin who typed the value reads instead. */
const rules: readonly (readonly [RegExp, TextKey])[] = [
  [/^must be an address such as/, 'rule.baseUrl'],
  [/^must be visible ASCII characters/, 'rule.token'],
  [/^must be the name of an HTTP header/, 'rule.headerName'],
  [/^is a header with a meaning of its own/, 'rule.headerTaken'],
  [/^must begin with a slash/, 'rule.path'],
  [/^(\{\{.*?\}\}) is not known/, 'rule.unknownPlace'],
  [/^(\{\{.*?\}\}) stands nowhere/, 'rule.placeMissing'],
  [/^write %2B/, 'rule.plusInAddress'],
  [/^an address begins with/, 'rule.address'],
  [/^a login does not stand/, 'rule.loginInAddress'],
  [/cannot choose the host$/, 'rule.hostChosen'],
  [/^it is not JSON/, 'rule.notJson'],
  [/^is no regular expression/, 'rule.pattern'],
  [/^(\S+) is set by the connection/, 'rule.headerOfConnection'],
  [/^a name or a value has characters/, 'rule.headerCharacters'],
  [/^begins with (AC|SK) and has 34/, 'rule.sid'],
  [/^is a number with \+/, 'rule.sender'],
]

/** The places of an SMS in a provider's request, as they are written: no text may hold them itself. */
export const places = { to: '{{to}}', text: '{{text}}' }

/** A value as its schema takes it. @throws UserError that says in an admin's words what is wrong */
export function checkedBy<Schema extends z.ZodType>(schema: Schema, typed: unknown): z.output<Schema> {
  const { success, data, error } = schema.safeParse(typed)
  if (success) return data
  throw objectionOf(error.issues[0])
}

/** What a schema has to say against a value, as it is told to an admin. */
export function objectionOf(issue: z.core.$ZodIssue | undefined): UserError {
  const { key, params } = inWords(issue)
  return new UserError(key, params)
}

function inWords(issue: z.core.$ZodIssue | undefined): { key: TextKey; params: TextParams } {
  if (issue?.code === 'too_big') return { key: 'rule.tooLong', params: { longest: Number(issue.maximum) } }
  for (const [pattern, key] of rules) {
    const [found, named] = pattern.exec(issue?.message ?? '') ?? []
    if (found !== undefined) return { key, params: { named, ...places } }
  }
  return { key: 'rule.other', params: {} }
}
