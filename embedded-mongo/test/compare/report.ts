import type { Document } from 'mongodb'
import { type Difference, extendedJson } from './difference.ts'
import { known } from './known.ts'
import type { Outcome } from './outcome.ts'

const shown = 3
/** An error code that the reference's gateway has no number for. */
const someCode = 8

/** Counts the cases and gathers the differences, each under what explains it. */
export class Report {
  notSent = 0
  readonly crashes: Document[] = []
  #cases = 0
  #equal = 0
  #refused = 0
  readonly #explained = new Map<string, number>()
  readonly #open = new Map<string, Difference[]>()

  get unexplained(): number {
    return [...this.#open.values()].reduce((sum, list) => sum + list.length, 0)
  }

  /** Whether both said the same. */
  judge(case_: Difference): boolean {
    this.#cases++
    if (isSame(case_.ours, case_.theirs)) {
      this.#equal++
      if (case_.ours.code !== undefined) this.#refused++
      return true
    }
    const rule = known.find(([, , explains]) => explains(case_))
    if (rule) {
      const name = `${rule[0]} (${rule[1]})`
      this.#explained.set(name, (this.#explained.get(name) ?? 0) + 1)
    } else {
      const group = groupOf(case_)
      this.#open.set(group, [...(this.#open.get(group) ?? []), case_])
    }
    return false
  }

  told(seed: number, rounds: number): string {
    const byCount = <T>(entries: Iterable<[string, T]>, count: (each: T) => number) =>
      [...entries].sort((a, b) => count(b[1]) - count(a[1]))
    const groups = byCount(this.#open, (list) => list.length).flatMap(([group, list]) => [
      `\n== ${list.length} × ${group}`,
      ...list
        .sort((a, b) => a.sent.length - b.sent.length)
        .slice(0, shown)
        .map(details),
    ])
    return [
      ...groups,
      ...this.crashes.map((command) => `the other server went away at ${extendedJson(command)}`),
      `\nseed ${seed}, ${rounds} rounds: ${this.#cases} cases, ${this.#equal} equal (${this.#refused} of them refused by both)`,
      `not sent, for they would crash the reference (R1): ${this.notSent}`,
      ...byCount(this.#explained, (count) => count).map(([name, count]) => `${String(count).padStart(6)} ${name}`),
      `unexplained: ${this.unexplained}`,
    ].join('\n')
  }
}

function isSame(ours: Outcome, theirs: Outcome): boolean {
  if (String(ours.after) !== String(theirs.after)) return false
  if (ours.code !== undefined) return ours.code === theirs.code || theirs.code === someCode
  return theirs.code === undefined && String(ours.answer) === String(theirs.answer)
}

function groupOf({ command, ours, theirs, sent, answered }: Difference): string {
  const said = ({ code, message = '' }: Outcome) =>
    code === undefined ? 'answers' : `refuses (${code} ${message.slice(0, 30)})`
  const operators = answered
    ? [...new Set(sent.match(/\$[a-z]\w+/g) ?? [])].filter((each) => !each.startsWith('$number'))
    : []
  return `${Object.keys(command)[0]}: ours ${said(ours)}, the other ${said(theirs)} ${operators.sort().join(' ')}`
}

function details({ command, before, sent, ours, theirs }: Difference): string {
  const [mine, other] = [differing(ours, theirs), differing(theirs, ours)]
  const named =
    `${extendedJson(command.updates?.[0]?.q ?? {})} ${mine} ${other}`.match(/_id"?: ?(\{"\$numberInt":")?(\d+)/g) ?? []
  const ids = new Set(named.map((each) => /\d+$/.exec(each)?.[0]))
  const concerned = before.filter((each) => ids.has(/^\{_id: (\d+)/.exec(each)?.[1]))
  return [
    `  ${sent}`,
    ...(concerned.length > 0 ? concerned : before).slice(0, 6).map((each) => `      of ${each}`),
    `    ours:  ${mine}`,
    `    other: ${other}`,
  ].join('\n')
}

/** What the one says and the other does not. */
function differing(one: Outcome, other: Outcome): string {
  if (one.code !== undefined) return `${one.code} ${one.message}`
  const [mine, theirs] = [
    [...one.answer, ...(one.after ?? [])],
    [...other.answer, ...(other.after ?? [])],
  ]
  const only = mine.filter((each) => !theirs.includes(each))
  return (only.length > 0 ? only : mine.map((each) => each.slice(0, 60))).join('; ')
}
