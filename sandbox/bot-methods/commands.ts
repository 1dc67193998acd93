import type { BotCommand } from 'grammy/types'
import { commandPattern, limits } from '../../bot-api/limits.ts'
import { commandsKey } from '../command-menu.ts'
import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'
import type { World } from '../world.ts'
import { readLanguage } from './language.ts'
import type { BotMethod, Call } from './method.ts'

export const setMyCommands: BotMethod = (world, call) => {
  const commands = readCommands(call.parameters)
  const key = readKey(call.parameters)
  if (commands.length > 0) call.bot.commands[key] = commands
  else delete call.bot.commands[key]
  return saved(world, call)
}

export const getMyCommands: BotMethod = (_world, { bot, parameters }) => bot.commands[readKey(parameters)] ?? []

export const deleteMyCommands: BotMethod = (world, call) => {
  delete call.bot.commands[readKey(call.parameters)]
  return saved(world, call)
}

function saved({ bots, chats, groups, conversations, events }: World, { bot }: Call): true {
  bots.save(bot)
  for (const { person } of chats.withBot(bot.id)) events.publish({ event: 'chat', person, peer: bot.id })
  for (const group of groups.of(bot.id)) conversations.changed(group)
  return true
}

function readKey(parameters: Parameters): string {
  const scope = parameters.json('scope', 'BotCommandScope') ?? { type: 'default' }
  const { type, chat_id, user_id } = scope as Record<string, unknown>
  if (typeof type !== 'string') throw badRequest('can\'t parse BotCommandScope: Can\'t find field "type"')
  if (type.startsWith('chat') && !/^-?\d+$/.test(String(chat_id))) throw badRequest('chat not found')
  return commandsKey({ type, chat_id: chat_id as number, user_id: user_id as number }, readLanguage(parameters))
}

function readCommands(parameters: Parameters): BotCommand[] {
  const given = parameters.json('commands', 'commands') ?? []
  if (!Array.isArray(given)) throw badRequest("can't parse commands: expected an Array of BotCommand")
  if (given.length > limits.commands) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  return given.map((item) => {
    const command = String(item?.command ?? '').replace(/^\//, '')
    const description = String(item?.description ?? '').trim()
    if (!commandPattern.test(command)) throw badRequest('BOT_COMMAND_INVALID')
    if (!description || description.length > limits.commandDescription)
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID')
    return { command, description }
  })
}
