import { convertToString } from '../aggregate/arithmetic-operators.ts'
import { Binary, DateTime, Decimal, ObjectId, Regex, Timestamp, type Value } from '../bson/values.ts'

/** A value as MongoDB writes it in its messages. */
export function display(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : String(value)
  if (value === null) return 'null'
  if (value instanceof Map) {
    if (value.size === 0) return '{}'
    return `{ ${[...value].map(([name, field]) => `${name}: ${display(field)}`).join(', ')} }`
  }
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(display).join(', ')} ]`
  if (value instanceof ObjectId) return `ObjectId('${value.bytes.toString('hex')}')`
  if (value instanceof DateTime) return `new Date(${value.ms})`
  if (value instanceof Decimal) return `Decimal128('${convertToString(value)}')`
  if (value instanceof Regex) return `/${value.pattern}/${value.flags}`
  if (value instanceof Timestamp) return `Timestamp(${value.value >> 32n}, ${value.value & 0xffffffffn})`
  if (value instanceof Binary) return `BinData(${value.subtype}, ${value.bytes.toString('hex').toUpperCase()})`
  if (typeof value === 'object' && (value.bsonType === 6 || value.bsonType > 100))
    return { 6: 'undefined', 127: 'MaxKey', 255: 'MinKey' }[value.bsonType] ?? ''
  return typeof value === 'object' && value.bsonType !== 16
    ? `<type ${value.bsonType}>`
    : String(convertToString(value))
}
