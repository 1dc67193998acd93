import { defineScene, type Talk } from '../../rookery.ts'
import { site } from './site.ts'

type Rated = { orderId: string; item: string }

/** Asks for one to five stars and hands them to the shop. */
export const rateOrder = defineScene('rate-order@1', (talk, order: Rated) => rate(talk, order))

export async function rate(talk: Talk, { orderId, item }: Rated): Promise<void> {
  const stars = await talk.choose('shop.rate.ask', ['1', '2', '3', '4', '5'], { item })
  await talk.effect('rate', (key) => site.rate(orderId, Number(stars), key))
  await talk.say('shop.rate.thanks')
}
