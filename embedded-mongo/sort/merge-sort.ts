/** So many are sorted at once: a millisecond or two. */
const runLength = 512

/** As `Array.sort`, equal ones staying in their order, but with pauses in which others can run. */
export function* mergeSort<T>(list: readonly T[], compare: (a: T, b: T) => number): Generator<undefined, T[], void> {
  let runs: T[][] = []
  for (let at = 0; at < list.length; at += runLength) {
    runs.push(list.slice(at, at + runLength).sort(compare))
    if (list.length > runLength) yield undefined
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let at = 0; at < runs.length; at += 2) merged.push(yield* merge(runs[at] as T[], runs[at + 1] ?? [], compare))
    runs = merged
  }
  return runs[0] ?? []
}

function* merge<T>(a: T[], b: T[], compare: (a: T, b: T) => number): Generator<undefined, T[], void> {
  if (b.length === 0 || compare(a.at(-1) as T, b[0] as T) <= 0) return a.concat(b)
  const result: T[] = []
  let [nextA, nextB] = [0, 0]
  while (nextA < a.length || nextB < b.length) {
    const fromA = nextB >= b.length || (nextA < a.length && compare(a[nextA] as T, b[nextB] as T) <= 0)
    result.push((fromA ? a[nextA++] : b[nextB++]) as T)
    if (result.length % runLength === 0) yield undefined
  }
  return result
}
