const widest = 28
const perRow = 5

/** Lays buttons into rows that a phone shows without cutting their words. */
export function rowsOf<Key extends { text: string }>(keys: readonly Key[]): Key[][] {
  const rows: Key[][] = []
  for (const key of keys) {
    const row = rows.at(-1)
    if (row && row.length < perRow && widthOf([...row, key]) <= widest) row.push(key)
    else rows.push([key])
  }
  return rows
}

function widthOf(keys: readonly { text: string }[]): number {
  return keys.reduce((width, { text }) => width + text.length + 2, 0)
}
