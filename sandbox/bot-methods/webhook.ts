import { isDeepStrictEqual } from 'node:util'
import type { WebhookInfo } from 'grammy/types'
import type { Webhook } from '../bots.ts'
import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'
import { keepAllowed } from './allowed-updates.ts'
import type { BotMethod } from './method.ts'
import { checkWebhookAddress } from './webhook-address.ts'

const mostConnections = 100
const usualConnections = 40

/** Without an address it takes the webhook away, as in Telegram. */
export const setWebhook: BotMethod = (world, call) => {
  const { bot, parameters } = call
  if (!parameters.has('url')) return deleteWebhook(world, call)
  const webhook = readWebhook(parameters)
  keepAllowed(world.bots, bot, parameters)
  dropPending(world, call)
  // Clients set it at every start; what is on its way to the same address is not given up.
  if (parameters.flag('drop_pending_updates') || !isDeepStrictEqual(webhook, bot.webhook))
    world.webhooks.set(bot, webhook)
  return true
}

/** Clients call this before they poll. */
export const deleteWebhook: BotMethod = (world, call) => {
  dropPending(world, call)
  if (call.bot.webhook) world.webhooks.set(call.bot, undefined)
  return true
}

export const getWebhookInfo: BotMethod = ({ updates, webhooks }, { bot }): WebhookInfo => {
  const error = webhooks.lastError(bot)
  return {
    url: bot.webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: updates.count(bot),
    ...(error && { last_error_date: error.date, last_error_message: error.message }),
    ...(bot.webhook && { max_connections: bot.webhook.maxConnections }),
    ...(bot.allowedUpdates?.length && {
      allowed_updates: bot.allowedUpdates as NonNullable<WebhookInfo['allowed_updates']>,
    }),
  }
}

const dropPending: BotMethod = ({ updates }, { bot, parameters }) => {
  if (parameters.flag('drop_pending_updates')) updates.confirm(bot, Number.MAX_SAFE_INTEGER)
}

function readWebhook(parameters: Parameters): Webhook {
  const url = parameters.text('url')
  checkWebhookAddress(url)
  const secret = parameters.text('secret_token')
  if (secret.length > 256) throw badRequest('secret token is too long')
  if (!/^[\w-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters')
  const maxConnections = Math.min(
    Math.max(parameters.integer('max_connections') ?? usualConnections, 1),
    mostConnections,
  )
  return { url, ...(secret && { secret }), maxConnections }
}
