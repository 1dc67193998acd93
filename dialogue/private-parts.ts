import { InlineKeyboard } from 'grammy'
import { privateLink } from '../bot-api/usernames.ts'
import { t } from '../config/i18n.ts'
import type { Kind } from './kind.ts'
import { scenesOf } from './scenes.ts'
import type { Skill } from './skill.ts'
import type { VisitContext } from './visit.ts'

/** What of a kind opens in private chats only, by name. */
export type PrivateParts = { commands: ReadonlySet<string>; menus: ReadonlySet<string>; scenes: ReadonlySet<string> }

export function privateParts(kind: Pick<Kind, 'skills'> & Partial<Kind>): PrivateParts {
  const parts = kind.skills.map((skill) => partsOf(skill, kind.privateOnly || skill.privateOnly))
  return {
    commands: new Set(parts.flatMap(({ commands }) => commands)),
    menus: new Set(parts.flatMap(({ menus }) => menus)),
    scenes: new Set(parts.flatMap(({ scenes }) => scenes)),
  }
}

function partsOf(skill: Skill, names: boolean | readonly string[] = []) {
  const isPrivate = (name: string) => (typeof names === 'boolean' ? names : names.includes(name))
  const commands = Object.entries(skill.commands ?? {}).filter(([name]) => isPrivate(name))
  const scenes = names === true ? scenesOf([skill]) : commands.map(([, scene]) => scene)
  return {
    commands: commands.map(([name]) => name),
    menus: (skill.menus ?? []).map(({ id }) => id).filter(isPrivate),
    scenes: scenes.map(({ id }) => id),
  }
}

/** Whether what a button does opens in private chats only. */
export function isPrivate(meaning: object, { menus, scenes }: PrivateParts): boolean {
  if ('menu' in meaning) return menus.has(String(meaning.menu))
  return 'scene' in meaning && scenes.has(String(meaning.scene))
}

/** Leads from a group to the private chat: by a message, or by the answer to a press. */
export async function inviteToPrivate(ctx: VisitContext): Promise<void> {
  const { chat, person } = ctx.visit
  const { username } = ctx.me
  const text = t(person.locale, 'group.inPrivate', { username })
  if (ctx.callbackQuery) {
    await ctx.answerCallbackQuery({ text, show_alert: true })
    return
  }
  const button = new InlineKeyboard().url(t(person.locale, 'group.openPrivate'), privateLink(username))
  await ctx.api.sendMessage(chat, text, { reply_markup: button })
}
