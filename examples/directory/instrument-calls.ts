import { bodyOf, type Handler } from './call.ts'
import type { Counters } from './counters.ts'
import type { Faults } from './faults.ts'

/** What tests set and read. */
export function instrumentCalls(faults: Faults, counters: Counters): Record<string, Handler> {
  return {
    'GET /faults': () => faults.get(),
    'PUT /faults': (call) => faults.set(bodyOf(call)),
    'DELETE /faults': () => faults.set({}),
    'GET /counters': () => counters.all(),
  }
}
