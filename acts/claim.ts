import { UserError } from '../config/user-error.ts'
import { Audit } from '../models/audit.ts'
import { Claim } from '../models/claim.ts'
import { Right } from '../models/right.ts'
import type { Admin } from './authorise.ts'
import { makeCode, normalised } from './code.ts'

/** Makes the code that claims a server's Metabot, in place of an earlier one. It is to be shown by the process's own output alone. */
export async function renewClaim(server: string): Promise<string> {
  const code = makeCode()
  await Claim.renew(server, normalised(code))
  await Audit.record(server, null, { system: true }, 'claim.renew')
  return code
}

/** Where somebody stands with Metabot: at home in it, before an unclaimed one, or outside. */
export async function standing({ server, personId }: Admin): Promise<'member' | 'unclaimed' | 'stranger'> {
  if ((await Right.of(server, personId)).length > 0) return 'member'
  return (await Claim.isOpen(server)) && !(await Right.hasOwner(server)) ? 'unclaimed' : 'stranger'
}

/** Whether somebody has not yet typed too many wrong codes. */
export function mayClaim({ server, personId }: Admin): Promise<boolean> {
  return Claim.mayTry(server, personId)
}

export type Claimed = 'owner' | 'no tries left' | 'closed'

/**
 * Makes a person the owner of all bots of a server by the claim code; who is the owner already stays it. `closed` is an answer for when
 * the code has been spent. What broke off is completed by the same code from the same person.
 * @throws UserError when the code is wrong and there are tries left
 */
export async function claim({ server, personId }: Admin, typed: string): Promise<Claimed> {
  if (await Right.holds(server, personId, null, 'owner')) {
    await Claim.end(server, personId)
    return 'owner'
  }
  if (!(await Claim.isOpen(server))) return 'closed'
  const outcome = await Claim.spend(server, personId, normalised(typed))
  if (outcome === 'wrong') throw new UserError('error.claimWrong')
  if (outcome === 'no tries left') return outcome
  await Audit.record(server, null, { personId }, 'claim.take')
  await Right.give(server, personId, null, 'owner')
  await Claim.end(server, personId)
  return 'owner'
}
