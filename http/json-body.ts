import type { FastifyInstance } from 'fastify'
import { HttpFailure } from './failure.ts'

/** Reads every body as JSON, whatever its content type says, and be that nonsense; no body is no fields. */
export function readAnyBodyAsJson(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers }) => {
    headers['content-type'] = 'application/json'
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, body: string | Buffer) => {
      const text = String(body).replace(/^\uFEFF/, '')
      if (text.trim() === '') return {}
      try {
        return JSON.parse(text)
      } catch {
        throw new HttpFailure(400, 'api.notJson')
      }
    },
  )
}
