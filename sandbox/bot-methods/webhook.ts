import type { WebhookInfo } from 'grammy/types'
import type { BotMethod } from './method.ts'

/** Clients call this before they poll. There is no webhook to delete here, but what waits can be dropped. */
export const deleteWebhook: BotMethod = ({ updates }, { bot, parameters }) => {
  if (parameters.flag('drop_pending_updates')) updates.confirm(bot, Number.MAX_SAFE_INTEGER)
  return true
}

export const getWebhookInfo: BotMethod = ({ updates }, { bot }): WebhookInfo => ({
  url: '',
  has_custom_certificate: false,
  pending_update_count: updates.count(bot),
  ...(bot.allowedUpdates?.length && {
    allowed_updates: bot.allowedUpdates as NonNullable<WebhookInfo['allowed_updates']>,
  }),
})
