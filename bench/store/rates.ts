const roundMs = 2_000

/** How often a second so many clients do this, each one after the other, for two seconds; a short round before warms up. */
export async function rate(clients: number, act: (nth: number) => Promise<unknown>): Promise<number> {
  let next = 0
  const round = async (forMs: number) => {
    const from = performance.now()
    const first = next
    const until = from + forMs
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (performance.now() < until) await act(next++)
      }),
    )
    return ((next - first) * 1000) / (performance.now() - from)
  }
  await round(roundMs / 4)
  return round(roundMs)
}

/** Milliseconds that it takes. */
export async function duration(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await act()
  return performance.now() - from
}
