import type { Update } from 'grammy/types'
import { startTestSandbox, type TestBot } from './start.ts'

/** Alice's group with Umid, and a bot outside. */
export async function startGroup() {
  const sandbox = await startTestSandbox()
  const [bot, alice, umid] = await Promise.all([sandbox.bot(), sandbox.person('Alice'), sandbox.person('Umid')])
  const group = await alice.group('Night shift', { members: [umid] })
  return { ...sandbox, shop: bot, alice, umid, group, umids: await umid.inGroup('Night shift') }
}

/** What the bot has not confirmed yet; it confirms it. */
export async function news(bot: TestBot): Promise<Update[]> {
  const updates: Update[] = (await bot.call('getUpdates')).result
  const last = updates.at(-1)
  if (last) await bot.call('getUpdates', { offset: last.update_id + 1 })
  return updates
}

export const texts = async (bot: TestBot) => (await news(bot)).map(({ message }) => message?.text)
