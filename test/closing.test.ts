import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startColony } from '../chat-test.ts'
import { fleetTimes } from '../fleet/fleet.ts'
import { Lease } from '../models/lease.ts'
import { defineScene } from '../rookery.ts'
import { said, startProbe } from './probe.ts'

test('what cannot be closed keeps nothing else open', async () => {
  const colony = await startColony()
  const failing = vi.spyOn(Lease.collection, 'updateOne').mockRejectedValue(new Error('the store is away'))
  await expect(colony.app.close()).rejects.toThrow('could not be closed cleanly')
  failing.mockRestore()
  await expect(fetch(`${colony.app.url}/healthz`)).rejects.toThrow()
  await colony.close()
})

test('a lane finishes at a stop though it takes longer than a lease', async () => {
  const slow = defineScene('slow@1', async (talk) => {
    await talk.effect('slow', () => pause(1_200))
    await talk.say(said, { text: 'finished' })
  })
  const lease = { lastsMs: 700, marginMs: 200, renewEveryMs: 150 }
  const probe = await startProbe({ slow }, { times: { ...fleetTimes, lease } })
  await probe.chat.sends('/slow')
  await pause(200)
  const closing = probe.colony.app.close()
  await probe.chat.sees('finished')
  await closing
  await probe.colony.close()
})
