import type { Caller } from '../crash-caller.ts'

export type Schedule = { userId: string; bot: string; text: string; occurrences: number }

const everyMinute = '* * * * *'

/**
 * Orders notifications that fall due while things go wrong, spread over that time. With `recurring` every second one comes twice, at full
 * minutes.
 */
export async function orderSchedules(
  caller: Caller,
  { count, withinMs, recurring }: { count: number; withinMs: number; recurring: boolean },
): Promise<Schedule[]> {
  const schedules: Schedule[] = []
  for (let nth = 0; nth < count; nth++) {
    const { userId, bot } = caller.users[nth % caller.users.length] as (typeof caller.users)[number]
    const text = `Schedule ${nth} for ${userId}`
    const again = recurring && nth % 2 === 1
    const at = new Date(Date.now() + 3_000 + (withinMs * nth) / count).toISOString()
    const plan = again ? { cron: everyMinute, timezone: 'UTC', times: 2 } : { at }
    const answer = await caller.call(bot, 'notify', { userIds: [userId], text, reference: text, ...plan })
    if (!answer.success) throw new Error(`A schedule was refused: ${JSON.stringify(answer)}`)
    schedules.push({ userId, bot, text, occurrences: again ? 2 : 1 })
  }
  return schedules
}
