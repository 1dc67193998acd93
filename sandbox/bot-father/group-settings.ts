import type { Bot } from '../bots.ts'
import type { World } from '../world.ts'
import { type Answer, line } from './answer.ts'
import type { GroupSettingStep } from './steps.ts'

const choices = ['Enable', 'Disable']

/** What a bot may do in groups, as its owner sets it. */
export const groupSettings = {
  joining: {
    ask: (bot: Bot): Answer => ({
      say: `May people add ${line(bot)} to groups? Now: ${bot.joinsNoGroups ? 'DISABLED' : 'ENABLED'}.`,
      next: { waitsFor: 'joining', bot: bot.id },
      choices,
    }),
    set(bot: Bot, enabled: boolean): string {
      if (enabled) delete bot.joinsNoGroups
      else bot.joinsNoGroups = true
      return enabled ? 'people can add it to groups' : 'nobody can add it to groups; where it is, it stays'
    },
  },
  privacy: {
    ask: (bot: Bot): Answer => ({
      say: [
        `Enable: in groups ${line(bot)} gets only commands, replies to it and messages that name it.`,
        `Disable: it gets all that people write there. Now: ${bot.readsAllInGroups ? 'DISABLED' : 'ENABLED'}.`,
      ].join('\n'),
      next: { waitsFor: 'privacy', bot: bot.id },
      choices,
    }),
    set(bot: Bot, enabled: boolean): string {
      if (enabled) delete bot.readsAllInGroups
      else bot.readsAllInGroups = true
      return 'groups where it is already take this over when it is removed and added again'
    },
  },
}

export function takeGroupSetting({ bots }: World, bot: Bot, step: GroupSettingStep, text: string): Answer {
  const enabled = text.toLowerCase() === 'enable'
  if (!enabled && text.toLowerCase() !== 'disable')
    return { say: 'Enable or Disable? Or /cancel.', next: step, choices }
  const consequence = groupSettings[step.waitsFor].set(bot, enabled)
  bots.save(bot)
  return { say: `Now it is ${enabled ? 'ENABLED' : 'DISABLED'}: ${consequence}.` }
}
