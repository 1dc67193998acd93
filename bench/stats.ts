export function median(numbers: number[]): number {
  return percentile(numbers, 50)
}

/** The smallest number that at least so many percent do not exceed. */
export function percentile(numbers: number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}
