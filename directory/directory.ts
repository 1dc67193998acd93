import type { Logger } from '../config/logger.ts'
import { registered } from './account.ts'
import { type AccountData, accountChange, accountData, connection, type Question, question } from './account-data.ts'
import { Breaker, type BreakerStatus } from './breaker.ts'
import { type Checked, check } from './check.ts'
import { exchange } from './exchange.ts'
import { DirectoryFailure } from './failure.ts'
import { FindCache, type Found } from './find-cache.ts'
import { foundIn, read } from './found.ts'
import { type DirectoryLimits, usualLimits } from './limits.ts'
import { type Rejection, rejectionOf } from './rejection.ts'
import { retrying } from './retrying.ts'
import type { CallName, DirectorySettings } from './settings.ts'
import { isAbsent, succeeded, written } from './written.ts'

/**
 * The customer's system, as one bot calls it. All but `check` may throw a `DirectoryFailure`. The `key` of a write is the caller's own name for it,
 * sent as Idempotency-Key: the same whenever the caller repeats it, which lets us repeat it too.
 */
export interface Directory {
  find(by: Question): Promise<Found>
  register(data: AccountData, key: string): Promise<{ userId: string } | { rejected: Rejection }>
  connectBot(userId: string, key: string): Promise<'done' | 'not found'>
  /** `not offered`: the directory has no such call. */
  disconnectBot(userId: string, key: string): Promise<'done' | 'not found' | 'not offered'>
  /** What is left out of `data` stays as it is. */
  change(userId: string, data: AccountData, key: string): Promise<Changed>
  /** Asks once, past the cache and the breaker, for somebody who cannot be unless told for whom. */
  check(by?: Question): Promise<Checked>
  /** Drops what is remembered of an account, for the system told that it changed. */
  forget(userId: string): void
  /** For the bot's card. */
  readonly breaker: BreakerStatus
}

export type Changed = 'done' | 'not found' | 'not offered' | { rejected: Rejection }

/** Opens a bot's directory; keep it for as long as its settings stand, for the cache and the breaker live in it. */
export function openDirectory(
  settings: DirectorySettings,
  log: Logger,
  limits: Partial<DirectoryLimits> = {},
): Directory {
  const { cacheMs, failures, openMs, attempts, pauseMs } = { ...usualLimits, ...limits }
  const cache = new FindCache(cacheMs)
  const breaker = new Breaker(failures, openMs)
  const logged = logging(log)

  const ask = (call: CallName, data: object, key?: string) =>
    retrying(() => breaker.run(call, () => exchange(settings, call, data, key)), { attempts, pauseMs })

  async function write(call: CallName, data: { userId: string }, key: string) {
    try {
      return await ask(call, data, key)
    } finally {
      // Also after a failure: it may have been done.
      cache.forget(data.userId)
    }
  }

  return {
    find: logged(async (by) => {
      const asked = question.safeParse(by)
      // Asked for nothing, a directory may answer with anybody.
      if (!asked.success) return 'not found'
      return cache.find(asked.data, async () => foundIn(await ask('find', asked.data)))
    }),

    register: logged(async (data, key) => {
      const answer = await ask('register', accountData.parse(data), key)
      const rejected = rejectionOf(answer)
      if (rejected) return { rejected }
      const { userId } = read('register', registered, succeeded('register', answer))
      cache.forget(userId)
      return { userId }
    }),

    connectBot: logged(async (userId, key) =>
      written('connectBot', await write('connectBot', connection.parse({ userId }), key)),
    ),

    disconnectBot: logged(async (userId, key) => {
      if (!settings.calls.disconnectBot) return 'not offered'
      const answer = await write('disconnectBot', connection.parse({ userId }), key)
      return isAbsent(answer) ? 'not offered' : written('disconnectBot', answer)
    }),

    change: logged(async (userId, data, key) => {
      if (!settings.calls.change) return 'not offered'
      const answer = await write('change', accountChange.parse({ ...data, userId }), key)
      if (isAbsent(answer)) return 'not offered'
      const rejected = rejectionOf(answer)
      return rejected ? { rejected } : written('change', answer)
    }),

    check: (by) => check((data) => breaker.watch(() => exchange(settings, 'find', data)), by),
    forget: (userId) => cache.forget(userId),
    get breaker() {
      return breaker.status
    },
  }
}

function logging(log: Logger) {
  return <Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      try {
        return await call(...given)
      } catch (error) {
        if (error instanceof DirectoryFailure) {
          const { kind, detail, asked } = error
          log.warn({ call: error.call, kind, ...detail, asked }, 'the directory failed')
        }
        throw error
      }
    }
}
