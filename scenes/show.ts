import { type CommandArgs, defineScene } from '../dialogue/scene.ts'
import type { MenuCall } from '../models/callback-data.ts'
import { toAccount, toHome } from './menus.ts'

// What commands begin that only open a menu.

const showing = (id: string, menu: MenuCall) => defineScene<CommandArgs>(id, (talk) => talk.show(menu))

export const showHelp = showing('help@1', { menu: 'help', args: [] })
export const showLanguage = showing('language@1', { menu: 'language', args: [] })
export const showKey = showing('my-key@1', { menu: 'key', args: [] })
export const showBots = showing('bots@1', { menu: 'bots', args: [] })
export const showHome = showing('home@1', toHome())
export const showAccount = showing('account@1', toAccount())
