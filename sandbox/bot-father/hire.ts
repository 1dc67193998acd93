import type { BotCommand } from 'grammy/types'
import { escapeHtml, parseHtml } from '../../bot-api/html.ts'
import { putBotMessage } from '../bot-methods/put-message.ts'
import { botFatherId } from '../bots.ts'
import { commandsKey } from '../command-menu.ts'
import type { World } from '../world.ts'
import type { Answer } from './answer.ts'
import { begin, continueWith } from './dialogue.ts'
import { BotFatherSteps, type Step } from './steps.ts'

const commands: BotCommand[] = [
  { command: 'newbot', description: 'make a bot' },
  { command: 'mybots', description: 'list your bots' },
  { command: 'setname', description: "change a bot's name" },
  { command: 'setdescription', description: "change a bot's description" },
  { command: 'setjoingroups', description: 'let a bot be added to groups, or not' },
  { command: 'setprivacy', description: 'what a bot reads in groups' },
  { command: 'token', description: "show a bot's token" },
  { command: 'revoke', description: "replace a bot's token" },
  { command: 'deletebot', description: 'delete a bot' },
  { command: 'cancel', description: 'leave what you are doing' },
  { command: 'help', description: 'what I can do' },
]

/** The sandbox's own @BotFather: a bot like any other to the people, but it lives inside. */
export function hireBotFather(world: World): void {
  const steps = new BotFatherSteps(world.store)
  const me = world.bots.get(botFatherId)
  if (!me) throw new Error('The sandbox has lost its BotFather')
  me.commands[commandsKey({ type: 'default' }, '')] = commands
  me.descriptions[''] = 'I make bots and look after their tokens. Everything starts with /newbot.'
  world.updates.answerInside(botFatherId, ({ message }) => {
    const person = message?.from?.id
    if (person === undefined) return
    const { say, next, choices } = hear(world, person, message?.text?.trim() ?? '', steps.of(person))
    steps.set(person, next)
    const chat = world.chats.open(botFatherId, person)
    const keyboard = choices && {
      keyboard: choices.map((text) => [{ text }]),
      resize_keyboard: true,
      one_time_keyboard: true,
    }
    putBotMessage(world, me, chat, { content: parseHtml(say), markup: { keyboard: keyboard ?? null } })
  })
}

function hear(world: World, person: number, text: string, step: Step | undefined): Answer {
  const command = /^\/([a-z_]+)(?:@BotFather)?(?:\s|$)/i.exec(text)?.[1]?.toLowerCase()
  if (command === 'cancel') return { say: step ? 'Left. Nothing has been changed.' : 'There is nothing to leave.' }
  if (command === 'start' || command === 'help') return { say: help }
  if (command) return begin(world, person, command) ?? { say: `I do not know /${escapeHtml(command)}. See /help.` }
  if (step) return continueWith(world, person, step, text)
  return { say: 'Tell me what to do first: /newbot makes a bot, /help lists the rest.' }
}

const help = [
  'I make bots in this sandbox and look after their tokens.',
  '',
  ...commands.map(({ command, description }) => `/${command} - ${description}`),
].join('\n')
