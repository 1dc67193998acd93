import { median } from '../stats.ts'

const roundMs = 2_000
const pairs = 7
const pairMs = 500

type Act = (nth: number) => Promise<unknown>

/**
 * How often a second so many clients do this, each one after the other, for two seconds; a short round before warms
 * up.
 */
export async function rate(clients: number, act: Act): Promise<number> {
  const round = rounds(clients, act)
  await round(roundMs / 4)
  return round(roundMs)
}

/**
 * The same by one client, in short rounds beside those of something else, whose rate `other` measures: medians of
 * both. A disk shared with others syncs ten times faster in one second than in the next, and then only the two
 * together say something.
 */
export async function rateBeside(other: (forMs: number) => number, act: Act): Promise<{ rate: number; other: number }> {
  const round = rounds(1, act)
  await round(roundMs / 4)
  const rates: { rate: number; other: number }[] = []
  for (let nth = 0; nth < pairs; nth++) rates.push({ other: other(pairMs / 4), rate: await round(pairMs) })
  return { rate: median(rates.map((each) => each.rate)), other: median(rates.map((each) => each.other)) }
}

function rounds(clients: number, act: Act): (forMs: number) => Promise<number> {
  let next = 0
  return async (forMs) => {
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
}

/** Milliseconds that it takes. */
export async function duration(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await act()
  return performance.now() - from
}
