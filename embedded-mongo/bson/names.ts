const names: { bytes: Buffer; name: string }[] = []
const keptNames = 1024
const longestKept = 64

/**
 * The field name at these bytes. Documents have the same few names again and again: the last one of each hash is kept
 * instead of read anew.
 */
export function nameOf(buffer: Buffer, start: number, end: number, hash: number): string {
  const length = end - start
  const place = hash & (keptNames - 1)
  const kept = names[place]
  if (kept?.bytes.length === length && isAt(buffer, start, kept.bytes)) return kept.name
  const name = buffer.toString('utf8', start, end)
  if (length <= longestKept) names[place] = { bytes: Buffer.from(buffer.subarray(start, end)), name }
  return name
}

function isAt(buffer: Buffer, start: number, bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index++) if (buffer[start + index] !== bytes[index]) return false
  return true
}
