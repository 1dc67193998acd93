import type { BotDescription, BotName, BotShortDescription } from 'grammy/types'
import { limits } from '../../bot-api/limits.ts'
import { asUser, type Bot, descriptionOf, nameOf } from '../bots.ts'
import { badRequest } from '../failures.ts'
import type { World } from '../world.ts'
import { readLanguage } from './language.ts'
import type { BotMethod } from './method.ts'

export const getMe: BotMethod = (_world, { bot }) => ({
  ...asUser(bot),
  can_join_groups: !bot.joinsNoGroups,
  can_read_all_group_messages: bot.readsAllInGroups === true,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
})

export const setMyName: BotMethod = (world, { bot, parameters }) => {
  const name = parameters.text('name').trim()
  const language = readLanguage(parameters)
  if (name.length > limits.name) throw badRequest('BOT_TITLE_TOO_LONG')
  if (!name && !language) throw badRequest('BOT_TITLE_INVALID')
  return setText(world, bot, bot.names, { language, text: name })
}

export const getMyName: BotMethod = (_world, { bot, parameters }): BotName => ({
  name: nameOf(bot, readLanguage(parameters)),
})

export const setMyDescription: BotMethod = (world, { bot, parameters }) => {
  const text = parameters.text('description').trim()
  if (text.length > limits.description) throw badRequest('BOT_DESCRIPTION_TOO_LONG')
  return setText(world, bot, bot.descriptions, { language: readLanguage(parameters), text })
}

export const getMyDescription: BotMethod = (_world, { bot, parameters }): BotDescription => ({
  description: descriptionOf(bot, readLanguage(parameters)),
})

export const setMyShortDescription: BotMethod = (world, { bot, parameters }) => {
  const text = parameters.text('short_description').trim()
  if (text.length > limits.shortDescription) throw badRequest('ABOUT_TOO_LONG')
  bot.shortDescriptions ??= {}
  return setText(world, bot, bot.shortDescriptions, { language: readLanguage(parameters), text })
}

export const getMyShortDescription: BotMethod = (_world, { bot, parameters }): BotShortDescription => ({
  short_description: bot.shortDescriptions?.[readLanguage(parameters)] ?? bot.shortDescriptions?.[''] ?? '',
})

/** An empty text takes the one of that language away. */
function setText(
  { bots, events }: World,
  bot: Bot,
  texts: Record<string, string>,
  { language, text }: { language: string; text: string },
): true {
  if (text) texts[language] = text
  else delete texts[language]
  bots.save(bot)
  events.publish({ event: 'bots' })
  return true
}
