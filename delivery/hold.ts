import type { Types } from 'mongoose'
import { changes } from '../models/changes.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'
import { noteDown } from './acknowledge.ts'
import { heldFields, type Standing, standingsOf, type Weighed } from './standing.ts'

export type Held = Weighed & { standing: Exclude<Standing, string> }

/**
 * Writes down what these wait for, then looks whether it is still so: whoever ended a pause meanwhile did not see
 * them waiting, and offers
 * them to nobody.
 */
export async function hold(bot: Types.ObjectId, held: readonly Held[]): Promise<void> {
  await Promise.all(held.map(({ delivery, standing }) => noteDown(delivery, heldFields(delivery, standing))))
  const standings = await standingsOf(bot, held)
  const outdated = held.filter(({ standing }, nth) => waitsFor(standings[nth]) !== standing.held)
  await Promise.all(outdated.map(({ delivery }) => HeldDeliveries.letGo(delivery._id)))
  if (outdated.length > 0) changes.emit('deliveries', String(bot))
}

function waitsFor(standing: Standing | undefined): string | undefined {
  return typeof standing === 'object' ? standing.held : undefined
}
