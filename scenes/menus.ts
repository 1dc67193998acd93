import type { MenuCall } from '../models/callback-data.ts'

// The menus that scenes lead to. Their pages are in bots/skills, which begin these scenes by their buttons.

export const toHome = (): MenuCall => ({ menu: 'home', args: [] })
/** The first page for somebody who said what nothing else took. */
export const toLostHome = (): MenuCall => ({ menu: 'home', args: ['lost'] })
export const toHelp = (): MenuCall => ({ menu: 'help', args: [] })
export const toLanguage = (): MenuCall => ({ menu: 'language', args: [] })
export const toAccount = (): MenuCall => ({ menu: 'account', args: [] })
export const toKey = (): MenuCall => ({ menu: 'key', args: [] })

export const toBots = (): MenuCall => ({ menu: 'bots', args: [] })
export const toBot = (bot: string): MenuCall => ({ menu: 'bot', args: [bot] })
/** A page (from 0) of a bot's people, of those alone that a search finds. */
export const toUsers = (bot: string, page = 0, search = ''): MenuCall => ({
  menu: 'users',
  args: [bot, String(page), ...(search ? [search] : [])],
})
export const toUser = (bot: string, personId: number): MenuCall => ({ menu: 'user', args: [bot, String(personId)] })
/** How a bot's messages come in. */
export const toIntake = (bot: string): MenuCall => ({ menu: 'bot.intake', args: [bot] })
export const toApiKeys = (): MenuCall => ({ menu: 'api-keys', args: [] })
/** A page (from 0) of the chats that a bot is or was in. */
export const toChats = (bot: string, page = 0): MenuCall => ({ menu: 'chats', args: [bot, String(page)] })
export const toChat = (bot: string, chat: number): MenuCall => ({ menu: 'chat', args: [bot, String(chat)] })
export const toChatPolicy = (bot: string): MenuCall => ({ menu: 'chats.policy', args: [bot] })
/** Who has rights to a bot, or (an empty id) to anything here. */
export const toAdmins = (bot: string): MenuCall => ({ menu: 'admins', args: [bot] })
export const toLastActs = (bot: string): MenuCall => ({ menu: 'acts', args: [bot] })
export const toDeadUpdates = (bot: string): MenuCall => ({ menu: 'dead', args: [bot] })
/** A page (from 0) of what a bot is to say later. */
export const toSchedules = (bot: string, page = 0): MenuCall => ({ menu: 'schedules', args: [bot, String(page)] })
export const toSchedule = (bot: string, id: string): MenuCall => ({ menu: 'schedule', args: [bot, id] })
