import { escapeHtml } from '../../bot-api/html.ts'
import { limits } from '../../bot-api/limits.ts'
import { checkBotUsername } from '../../bot-api/usernames.ts'
import type { Bot } from '../bots.ts'
import { unauthorized } from '../failures.ts'
import type { World } from '../world.ts'
import { type Answer, line } from './answer.ts'
import { groupSettings, takeGroupSetting } from './group-settings.ts'
import { type OneBotCommand, oneBotCommands, type Step } from './steps.ts'

const deletionPhrase = 'Yes, delete it for good.'

/** Undefined if there is no such command. */
export function begin({ bots }: World, person: number, command: string): Answer | undefined {
  if (command === 'newbot')
    return { say: 'A new bot it is. What shall people call it? Send me its name.', next: { waitsFor: 'name' } }
  const own = bots.ownedBy(person)
  if (command === 'mybots') return { say: own.length > 0 ? `Your bots:\n${own.map(line).join('\n')}` : none }
  const known = oneBotCommands.find((one) => one === command)
  if (!known) return undefined
  if (own.length === 0) return { say: none }
  return {
    say: 'Which of your bots? Send me its username.',
    next: { waitsFor: 'bot', command: known },
    choices: own.map((bot) => `@${bot.username}`),
  }
}

export function continueWith(world: World, person: number, step: Step, text: string): Answer {
  if (!text) return { say: 'I need that in words. Or /cancel.', next: step }
  if (step.waitsFor === 'name') return takeName(text)
  if (step.waitsFor === 'username') return takeUsername(world, person, step, text)
  if (step.waitsFor === 'bot') return takeBot(world, person, step, text)
  const bot = world.bots.get(step.bot)
  if (!bot || bot.deleted || bot.owner !== person) return { say: 'That bot is gone.' }
  if (step.waitsFor === 'deletion') return takeDeletion(world, bot, step, text)
  if (step.waitsFor === 'joining' || step.waitsFor === 'privacy') return takeGroupSetting(world, bot, step, text)
  return takeText(world, bot, step, text)
}

function takeName(name: string): Answer {
  if (name.length > limits.name)
    return {
      say: `That is too long: a name has at most ${limits.name} characters. Try another.`,
      next: { waitsFor: 'name' },
    }
  return {
    say: "Good. Now its username, by which people find it. It must end in 'bot', like WeatherBot or weather_bot.",
    next: { waitsFor: 'username', name },
  }
}

function takeUsername(world: World, person: number, step: Step & { waitsFor: 'username' }, text: string): Answer {
  const username = text.replace(/^@/, '')
  const wrong = checkBotUsername(username)
  if (wrong) return { say: `Sorry, this username will not do: ${wrong}. Try another.`, next: step }
  if (world.bots.byUsername(username) || world.people.hasUsername(username))
    return { say: 'Sorry, this username is taken. Try another.', next: step }
  const bot = world.bots.add(step.name, username, person)
  world.events.publish({ event: 'bots' })
  return {
    say: `Done! <b>${escapeHtml(step.name)}</b> lives at @${username}.\n\nThis is its token, by which a program speaks for it:\n${token(bot)}\nWhoever has the token has the bot, so keep it to yourself.`,
  }
}

function takeBot(world: World, person: number, step: Step & { waitsFor: 'bot' }, text: string): Answer {
  const bot = world.bots.byUsername(text)
  if (!bot || bot.owner !== person)
    return {
      say: 'You have no such bot. Send me one of yours, or /cancel.',
      next: step,
      choices: world.bots.ownedBy(person).map((own) => `@${own.username}`),
    }
  return withBot[step.command](world, bot)
}

const withBot: Record<OneBotCommand, (world: World, bot: Bot) => Answer> = {
  token: (_world, bot) => ({ say: `The token of ${line(bot)}:\n${token(bot)}` }),
  revoke: (world, bot) => {
    world.updates.endPoll(bot, unauthorized())
    world.webhooks.stop(bot)
    world.bots.revokeToken(bot)
    return { say: `The old token of ${line(bot)} is dead. The new one:\n${token(bot)}` }
  },
  deletebot: (_world, bot) => ({
    say: `This deletes ${line(bot)} and cannot be undone. If you mean it, send me: <code>${deletionPhrase}</code>`,
    next: { waitsFor: 'deletion', bot: bot.id },
    choices: [deletionPhrase, '/cancel'],
  }),
  setname: (_world, bot) => ({
    say: `What shall ${line(bot)} be called?`,
    next: { waitsFor: 'new name', bot: bot.id },
  }),
  setdescription: (_world, bot) => ({
    say: `What should people read when they open ${line(bot)} for the first time?`,
    next: { waitsFor: 'new description', bot: bot.id },
  }),
  setjoingroups: (_world, bot) => groupSettings.joining.ask(bot),
  setprivacy: (_world, bot) => groupSettings.privacy.ask(bot),
}

function takeDeletion(world: World, bot: Bot, step: Step, text: string): Answer {
  if (text !== deletionPhrase)
    return {
      say: `Only these words delete it: <code>${deletionPhrase}</code> Or /cancel.`,
      next: step,
      choices: [deletionPhrase, '/cancel'],
    }
  world.updates.endPoll(bot, unauthorized())
  world.webhooks.stop(bot)
  world.bots.delete(bot)
  world.events.publish({ event: 'bots' })
  return { say: `@${bot.username} is gone.` }
}

function takeText(world: World, bot: Bot, step: Step, text: string): Answer {
  const [texts, most] = step.waitsFor === 'new name' ? [bot.names, limits.name] : [bot.descriptions, limits.description]
  if (text.length > most) return { say: `That is too long: at most ${most} characters. Try again.`, next: step }
  texts[''] = text
  world.bots.save(bot)
  world.events.publish({ event: 'bots' })
  return { say: 'Saved.' }
}

const none = 'You have no bots yet. /newbot makes one.'
const token = (bot: Bot) => `<code>${bot.token}</code>`
