import type { Logger } from '../config/logger.ts'
import type { BotRecord } from '../models/bot.ts'
import { Code } from '../models/code.ts'
import { Delivery } from '../models/delivery.ts'
import { Errand } from '../models/errand.ts'
import { Key } from '../models/key.ts'
import { Notification } from '../models/notification.ts'
import { Person } from '../models/person.ts'
import { Reminder } from '../models/reminder.ts'
import { SmsCount } from '../models/sms-count.ts'
import { StartLink } from '../models/start-link.ts'
import { Update } from '../models/update.ts'
import { accountOf } from './find-account.ts'
import { giveUpLink, part } from './part.ts'

const mostMessages = 1000

/** All that the bot keeps of a person, and what the directory tells of the account just now. */
export async function exportMyData(bot: BotRecord, log: Logger, personId: number): Promise<object> {
  const [person, deliveries, keys, errands, reminders] = await Promise.all([
    Person.of(bot._id, personId),
    Delivery.ofPerson(bot._id, personId, mostMessages),
    Key.ofPerson(bot._id, personId),
    Errand.ofPerson(bot._id, personId),
    Reminder.ofPerson(bot._id, personId),
  ])
  const account = person?.userId ? await accountOf(bot, log, person.userId) : undefined
  const contents = await Notification.contents(deliveries.map(({ notification }) => notification))
  const texts = new Map(contents.map(({ _id, content }) => [String(_id), content.text]))
  const { known: _, soleUserId: _sole, phonePrint: _print, bot: _bot, _id, ...kept } = person ?? {}
  return {
    bot: { name: bot.name, username: bot.username },
    person: kept,
    ...(account && { account }),
    // Without the digits: whoever has them could be linked by them.
    keys: keys.map(({ issuedAt, expiresAt, boundAt, retiredAt, userId }) => ({
      ...{ issuedAt, expiresAt, boundAt, retiredAt, userId },
    })),
    errands: errands.map(({ what, userId, madeAt }) => ({ what, userId, madeAt })),
    reminders: reminders.map(({ askedAt, nextAt, following }) => ({ askedAt, nextAt, following })),
    messages: deliveries.map(({ dueAt, state, notification, locale }) => {
      const text = texts.get(String(notification))
      return { date: dueAt, state, text: typeof text === 'object' ? text[locale] : text }
    }),
  }
}

/** Forgets a person: the link ends, and all that the bot kept goes. The directory keeps what is its own. */
export async function forgetMe(bot: BotRecord, personId: number): Promise<void> {
  const person = await Person.of(bot._id, personId)
  await giveUpLink(bot, personId)
  if (person?.userId) await part(bot, person, { how: 'disconnected', news: true, by: { personId } })
  await Key.forget(bot._id, personId)
  await Code.forget(bot._id, personId)
  await SmsCount.forgetPerson(bot._id, personId)
  await StartLink.forget(bot._id, personId)
  await Reminder.forget(bot._id, personId)
  if (person) await Update.forgetLane(bot._id, String(person.chat))
  // The texts first: the deliveries tell which they are.
  await Notification.forget(bot._id, await Delivery.notificationsOfOne(bot._id, personId), {
    personId,
    userId: person?.userId,
  })
  await Delivery.forget(bot._id, personId)
  await Person.forget(bot._id, personId)
}
