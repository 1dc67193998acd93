import type { Value } from '../bson/values.ts'

/** The top-level fields an expression reads; undefined when it may read the whole document. */
export function fieldReferences(expression: Value, into = new Set<string>()): Set<string> | undefined {
  if (typeof expression === 'string') {
    if (expression.startsWith('$$')) return expression === '$$NOW' ? into : undefined
    return expression.startsWith('$') ? into.add(expression.slice(1).split('.')[0] as string) : into
  }
  const parts = Array.isArray(expression) ? expression : expression instanceof Map ? [...expression.values()] : []
  return parts.every((part) => fieldReferences(part, into)) ? into : undefined
}
