import type { Bot } from '../bots.ts'
import type { StoredFile } from '../files.ts'
import { memberOf } from '../groups.ts'
import type { World } from '../world.ts'

/** Whether a file is in the bot's own chats, or in a group where the bot is or was. */
export function mayUse({ groups }: World, bot: Bot, { bot: owner }: StoredFile): boolean {
  if (owner === bot.id) return true
  const group = groups.get(owner)
  return group !== undefined && memberOf(group, bot.id) !== undefined
}
