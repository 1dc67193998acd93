import { batched } from '../models/batched.ts'
import { Delivery, type DeliveryRecord } from '../models/delivery.ts'
import { Notification, type NotificationRecord } from '../models/notification.ts'

/** Larger audiences gain nothing from sharing their writes with others. */
export const shared = 100

/** Writes a notification; concurrent ones share a command. Answers whether its Idempotency-Key or wish was used before. */
export const writeNotification = batched(async (records: NotificationRecord[]) => {
  const taken = await Notification.insertNew(records)
  return records.map((_, index) => taken.has(index))
})

/** Writes deliveries that are not there yet; concurrent groups share a command. */
export const writeTogether = batched(async (groups: DeliveryRecord[][]) => {
  const deliveries = groups.flat()
  if (deliveries.length > 0) await Delivery.insertNew(deliveries)
  return groups
}, shared)
