import { hookAddress, isOurs } from '../channels/hook-address.ts'
import type { TextKey } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { type ActName, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { type IntakePlan, planOf, secondsAllowed } from '../models/intake.ts'
import { Server, type ServerRecord } from '../models/server.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { objectionToCron } from './cron-line.ts'
import { channelOf, patienceMs } from './tokens.ts'

/** How a bot's messages come in, as its card shows it. */
export type IntakeView = {
  bot: BotRecord
  plan: IntakePlan
  /** Why a webhook that is wanted cannot be had. */
  missing: TextKey | undefined
  /** Whose webhook has the messages instead of us, by its origin. */
  foreign: string | undefined
}

export async function viewIntake(admin: Admin, botId: string): Promise<IntakeView> {
  return intakeView(await authorise(admin, botId, 'viewer'))
}

export async function intakeView(bot: BotRecord): Promise<IntakeView> {
  const plan = planOf(bot)
  const missing = plan.by === 'webhook' ? await missingFor(bot) : undefined
  return { bot, plan, missing, foreign: bot.foreignWebhook?.origin }
}

/**
 * Changes how a bot's messages come in; the process that runs it brings that about.
 * @throws UserError when a webhook lacks a setting, or the schedule is none
 */
export async function setIntake(admin: Admin, botId: string, plan: IntakePlan): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const objection = plan.by === 'webhook' ? await missingFor(bot) : objectionTo(plan)
  if (objection) throw new UserError(objection, secondsAllowed)
  await Bot.change(bot._id, { intake: plan })
  await record(admin, bot, 'intake.set', plan)
}

/** @throws UserError when it is no whole number that is allowed */
export function secondsIn(typed: string): number {
  const seconds = /^\d+$/.test(typed) ? Number(typed) : Number.NaN
  const objection = objectionTo({ by: 'seconds', seconds })
  if (objection) throw new UserError(objection, secondsAllowed)
  return seconds
}

/** Takes over from somebody else's webhook, as an admin has decided who has seen it. */
export async function takeOver(admin: Admin, botId: string): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const { foreignWebhook } = bot
  if (!foreignWebhook) return
  await Bot.replaceForeignWebhook(bot._id, foreignWebhook.print)
  await record(admin, bot, 'intake.take-over', { from: foreignWebhook.origin })
}

/** Has the messenger bring no more to a bot that is being removed. One that does not answer gets 404 from then on, which it bears as well. */
export async function dropWebhook(bot: BotRecord): Promise<void> {
  if (planOf(bot).by !== 'webhook') return
  const { webhook } = await channelOf(bot.server, Bot.token(bot))
  const patience = AbortSignal.timeout(patienceMs)
  const found = await webhook?.info(patience)
  if (found?.ok && isOurs(found.result.url, await serverOf(bot), bot)) await webhook?.remove(patience)
}

function objectionTo(plan: IntakePlan): TextKey | undefined {
  const { least, most } = secondsAllowed
  if (plan.by === 'cron') return objectionToCron(plan.cron)
  if (plan.by !== 'seconds') return undefined
  const { seconds } = plan
  return Number.isInteger(seconds) && seconds >= least && seconds <= most ? undefined : 'error.secondsNotAllowed'
}

async function missingFor(bot: BotRecord): Promise<TextKey | undefined> {
  const address = hookAddress(await serverOf(bot), bot)
  return 'missing' in address ? address.missing : undefined
}

function serverOf({ server }: BotRecord): Promise<ServerRecord> {
  return Server.findById(server).lean<ServerRecord>().orFail().exec()
}

function record(admin: Admin, bot: BotRecord, act: ActName, details: object) {
  return Audit.record(bot.server, bot._id, actorOf(admin), act, details)
}
