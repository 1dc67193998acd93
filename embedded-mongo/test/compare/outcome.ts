import type { Document } from 'mongodb'
import { toNumber } from '../../bson/arithmetic.ts'
import { decimalToString } from '../../bson/decimal.ts'
import { DateTime, Decimal, type Doc, Int32, type Numeric, ObjectId, Opaque, type Value } from '../../bson/values.ts'
import { display } from '../../store/display.ts'
import { valueKey } from '../../store/value-key.ts'

/** What a server answered: an error's code, or the answer as texts that tell types apart. */
export interface Outcome {
  code?: number | undefined
  message?: string
  answer: string[]
  /** The documents of the collection afterwards, where the command writes. */
  after?: string[]
}

/**
 * `1` an Int32, `1.0` a Double, `1L` a Long, `1X` a Decimal128. What the servers choose by themselves is not told
 * apart.
 */
export function spelled(value: Value): string {
  if (typeof value === 'bigint') return `${value}L`
  if (value instanceof Int32) return String(value.value)
  if (value instanceof Decimal) return `${decimalToString(value)}X`
  if (typeof value === 'number')
    return Object.is(value, -0) ? '-0.0' : Number.isInteger(value) ? `${value}.0` : String(value)
  if (Array.isArray(value)) return `[${value.map(spelled).join(', ')}]`
  if (value instanceof Map) return `{${[...value].map(([name, each]) => `${name}: ${spelled(each)}`).join(', ')}}`
  if (value instanceof ObjectId && value.bytes[0] !== 0) return 'a new ObjectId'
  if (value instanceof DateTime && Math.abs(Number(value.ms) - Date.now()) < 3_600_000) return 'now'
  if (value instanceof Opaque) return `<${value.bsonType} ${value.bytes.toString('hex')}>`
  return display(value)
}

const listOf = (reply: Doc): Value[] => ((reply.get('cursor') as Doc).get('firstBatch') ?? []) as Value[]
const sorted = (texts: string[]): string[] => texts.sort()

const equalAs = (value: Value): string =>
  /\bnow\b|a new/.test(spelled(value)) ? spelled(value) : valueKey(value).toString('hex')

/** The part of a reply that MongoDB specifies. */
export function outcomeOf(command: Document, reply: Doc): Outcome {
  const failed =
    toNumber(reply.get('ok') as Numeric) === 0
      ? reply
      : ((reply.get('writeErrors') as Doc[] | undefined)?.[0] ?? undefined)
  if (failed)
    return { code: toNumber(failed.get('code') as Numeric), message: String(failed.get('errmsg')), answer: [] }
  switch (Object.keys(command)[0]) {
    case 'find':
      return { answer: listOf(reply).map(spelled) }
    case 'aggregate':
      // Groups come in any order.
      return {
        answer: '$group' in command.pipeline.at(-1) ? sorted(listOf(reply).map(spelled)) : listOf(reply).map(spelled),
      }
    case 'distinct':
      // Of several equal values any may be given.
      return { answer: sorted((reply.get('values') as Value[]).map(equalAs)) }
    case 'count':
      return { answer: [String(toNumber(reply.get('n') as Numeric))] }
    case 'findAndModify':
      return { answer: [spelled(reply.get('value') ?? null), spelled(reply.get('lastErrorObject') ?? null)] }
    default: {
      const upserted = (reply.get('upserted') as Doc[] | undefined) ?? []
      const numbers = ['n', 'nModified'].map((field) => `${field}: ${toNumber((reply.get(field) ?? 0) as Numeric)}`)
      return { answer: [...numbers, ...upserted.map((each) => spelled(each.get('_id') ?? null))] }
    }
  }
}

export const documentsOf = (reply: Doc): string[] => listOf(reply).map(spelled)
