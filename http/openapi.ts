import type { Kind } from '../dialogue/kind.ts'
import { type CatalogueEntry, catalogueOf } from './endpoint-catalogue.ts'

const about = `Make a bot speak, and ask what became of it.

**The requests of this page are real**, not a rehearsal: what you send here reaches people. Press *Authorize* and paste an API key,
which an admin makes in Metabot.

An answer with status 200 tells by \`success\` whether it worked; with \`success: false\` nothing was done, and \`message\` says why.
\`message\` is in the language of Accept-Language, else the bot's.`

const failure = {
  type: 'object',
  properties: { success: { const: false }, message: { type: 'string' } },
  required: ['success', 'message'],
}
const invalid = {
  type: 'object',
  properties: {
    success: { const: false },
    errorCode: { const: 422 },
    message: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
  },
  required: ['success', 'errorCode', 'message'],
}
const failures = {
  400: 'The body is not JSON',
  401: 'The API key is missing or not valid',
  403: 'This API key has no right to this bot, or may not call this endpoint',
  404: 'No such endpoint or bot',
  409: 'The first call with this Idempotency-Key is still in progress',
  413: 'The body is larger than 1 MiB',
  429: 'Too many calls; see Retry-After',
  500: 'Internal error',
  503: 'Not ready; see Retry-After',
}

/** The OpenAPI document: one operation for each endpoint, from the very schemas that validate the calls. */
export function openApiOf(kinds: readonly Kind[]) {
  const catalogue = catalogueOf(kinds)
  const skills = [...new Set(catalogue.map(({ skill }) => skill))]
  return {
    openapi: '3.1.0' as const,
    info: { title: 'Rookery', description: about, version: '1' },
    servers: [{ url: '/' }],
    tags: [...skills.map((name) => ({ name })), { name: 'service' }],
    security: [{ apiKey: [] }],
    paths: {
      ...Object.fromEntries(
        catalogue.map((entry) => [`/api/v1/bots/{botId}/call/${entry.alias}`, { post: operation(entry) }]),
      ),
      '/api/v1/me': { get: service('This key: its bots and what it may do', [401, 429]) },
      '/healthz': { get: { ...service('Whether the process answers', []), security: [] } },
      '/readyz': { get: { ...service('Whether it can take calls', [503]), security: [] } },
    },
    components: {
      securitySchemes: { apiKey: { type: 'http' as const, scheme: 'bearer' } },
      schemas: { Failure: failure, Invalid: invalid },
    },
  }
}

function operation({ alias, summary, skill, kinds, params, answer, example }: CatalogueEntry) {
  return {
    operationId: alias.replaceAll('/', '-'),
    summary,
    description: `Bots of the kinds: ${kinds.join(', ')}.`,
    tags: [skill],
    parameters: [
      parameter('path', 'botId', "The bot's id or username"),
      parameter(
        'header',
        'Idempotency-Key',
        'Your name for this call: a repeat of it is answered, not carried out again',
      ),
      parameter('header', 'Accept-Language', 'Language of `message`: en, ru or uz'),
    ],
    requestBody: {
      required: true,
      content: json(
        { type: 'object', properties: { script_request_params: params } },
        example && { script_request_params: example },
      ),
    },
    responses: responses({ allOf: [{ type: 'object', properties: { success: { const: true } } }, answer] }),
  }
}

function service(summary: string, failing: (keyof typeof failures)[]) {
  return {
    summary,
    tags: ['service'],
    responses: { 200: { description: 'Success', content: json({ type: 'object' }) }, ...failingResponses(failing) },
  }
}

function responses(success: object) {
  return {
    // Any of them, for an answer of 422 is a failure too.
    200: { description: 'See `success`', content: json({ anyOf: [success, ref('Failure'), ref('Invalid')] }) },
    ...failingResponses(Object.keys(failures).map(Number) as (keyof typeof failures)[]),
  }
}

function failingResponses(codes: (keyof typeof failures)[]) {
  return Object.fromEntries(codes.map((code) => [code, { description: failures[code], content: json(ref('Failure')) }]))
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}

function parameter(place: 'path' | 'header', name: string, description: string) {
  return { in: place, name, description, required: place === 'path', schema: { type: 'string' as const } }
}

function json(schema: object, example?: unknown) {
  return { 'application/json': { schema, ...(example ? { example } : {}) } }
}
