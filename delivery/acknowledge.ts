import { batched } from '../models/batched.ts'
import { type Acknowledgement, Delivery, type DeliveryRecord } from '../models/delivery.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'

/** Writes down how a delivery went; what it has said for others ends with it. */
export async function noteDown(delivery: DeliveryRecord, fields: Partial<DeliveryRecord>): Promise<void> {
  const { _id: id, marking, bot, notification } = delivery
  await acknowledge({ id, marking, fields })
  if (delivery.carrier && fields.finishedAt) await HeldDeliveries.settle(bot, notification)
}

const acknowledge = batched(async (finished: Acknowledgement[]) => {
  await Delivery.acknowledge(finished)
  return finished
})
