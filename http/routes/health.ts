import type { FastifyInstance } from 'fastify'
import mongoose from 'mongoose'
import { HttpFailure } from '../failure.ts'

const patienceMs = 2000

/** `/healthz`: the process answers. `/readyz`: it can also take calls, since the store answers. */
export function healthRoutes(app: FastifyInstance): void {
  app.get('/healthz', async () => ({ success: true }))

  app.get('/readyz', async () => {
    const { db } = mongoose.connection
    try {
      await db?.command({ ping: 1 }, { timeoutMS: patienceMs })
    } catch (error) {
      throw Object.assign(new HttpFailure(503, 'api.unavailable'), { cause: error })
    }
    if (!db) throw new HttpFailure(503, 'api.unavailable')
    return { success: true }
  })
}
