import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { Kind } from '../dialogue/kind.ts'
import { openApiOf } from './openapi.ts'

/** The plugin's own policy has browsers ask for https, which a server in a local network may not speak. */
const policy = {
  'default-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
}

/** The page of the API at `/api/docs`, whose "try it" sends real requests, and the document at `/api/docs/json`. */
export function docs(kinds: ReadonlyMap<string, Kind>) {
  const document = openApiOf([...kinds.values()])
  return async (app: FastifyInstance) => {
    // The plugin's types know OpenAPI 3.0; the page shows 3.1 as well.
    await app.register(swagger, { mode: 'static', specification: { document: document as never } })
    app.get('/', async (_request, reply) => reply.redirect('/api/docs'))
    await app.register(swaggerUi, {
      routePrefix: '/api/docs',
      staticCSP: policy,
      theme: { title: 'The HTTP API of Rookery' },
      uiConfig: {
        layout: 'BaseLayout',
        tryItOutEnabled: true,
        persistAuthorization: false,
        displayRequestDuration: true,
      },
    })
  }
}
