import { BSON, type Document } from 'mongodb'
import type { Outcome } from './outcome.ts'

/** One case whose outcomes differ, with what the rules look at. */
export interface Difference {
  command: Document
  /** The documents before it, as texts. */
  before: string[]
  ours: Outcome
  theirs: Outcome
  /** The command and its pipeline as Extended JSON. */
  sent: string
  pipeline: string
  answered: boolean
  /** We refuse what they answer. */
  onlyWe: boolean
  /** They refuse what we answer. */
  onlyThey: boolean
}

export const extendedJson = (value: unknown): string => BSON.EJSON.stringify(value as Document, { relaxed: false })

export function difference(command: Document, before: string[], ours: Outcome, theirs: Outcome): Difference {
  const [weRefuse, theyRefuse] = [ours.code !== undefined, theirs.code !== undefined]
  return {
    ...{ command, before, ours, theirs, sent: extendedJson(command), pipeline: extendedJson(command.pipeline ?? '') },
    answered: !weRefuse && !theyRefuse,
    onlyWe: weRefuse && !theyRefuse,
    onlyThey: theyRefuse && !weRefuse,
  }
}

/** Whether both outcomes are the same once their texts are told so. */
export const alike = ({ ours, theirs }: Difference, told: (text: string) => string): boolean => {
  const whole = ({ answer, after = [] }: Outcome) => String([...answer.map(told).sort(), ...after.map(told)])
  return whole(ours) === whole(theirs)
}

export const itself = (text: string): string => text
/** Equal for texts that tell the same in another order. */
export const letters = (text: string): string => [...text].sort().join('')

/** Without fields that are null, and without documents of nothing else. */
export const withoutNulls = (text: string): string =>
  text
    .replaceAll(/\w+: null(, )?/g, '')
    .replaceAll(', }', '}')
    .replaceAll('_id: {}, ', '')

/** Without the nulls that end an array. */
export const withoutLastNulls = (text: string): string => text.replaceAll(/(, )?null(, null)*\]/g, ']')

/** Numbers by their value only, whatever their type and their zeros at the end. */
export const byValue = (text: string): string =>
  text
    .replaceAll(/(NaN|Infinity)X/g, '$1')
    .replaceAll(/\d+(\.\d*)?[XL]?\b/g, (number) => String(Number.parseFloat(number).toPrecision(12)))
    .replaceAll(/-(?=0\.0+\b)/g, '')

export function withoutEmpty(text: string): string {
  let before = ''
  let left = text
  while (before !== left) [before, left] = [left, left.replace(/(, )?\w+: \{\}|(, )?(null, )*\{\}(?=[\],])/g, '')]
  return letters(left.replaceAll('{, ', '{').replaceAll('[, ', '['))
}
