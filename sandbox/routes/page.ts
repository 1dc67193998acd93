import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

/** The page and the one library it uses. */
export const pageRoutes: FastifyPluginAsync = async (app) => {
  const page = fileURLToPath(new URL('../page/', import.meta.url))
  const litHtml = dirname(fileURLToPath(import.meta.resolve('lit-html')))
  await app.register(fastifyStatic, { root: page })
  await app.register(fastifyStatic, { root: litHtml, prefix: '/vendor/lit-html/', decorateReply: false })
}
