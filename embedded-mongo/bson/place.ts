import type { Value } from './values.ts'

/** The place in an array that a part of a path names, or -1: `0`, `12`, but not `01`, which is a name. */
export const placeOf = (part: string): number => (/^(0|[1-9]\d{0,9})$/.test(part) ? Number(part) : -1)

/** What a part of a path leads to: a field of a document, or a place in an array. */
export const childOf = (value: Value | undefined, part: string): Value | undefined =>
  value instanceof Map ? value.get(part) : Array.isArray(value) ? value[placeOf(part)] : undefined
