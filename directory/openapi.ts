import { z } from 'zod'
import { account, registered } from './account.ts'
import { accountChange, accountData, connection } from './account-data.ts'
import { rejectionBody } from './rejection.ts'
import { type CallName, directorySettings } from './settings.ts'

const about = `What your system answers so that people can link their accounts by talking to a bot. *Written for its developers; the bot calls, your system answers.*

- Every request carries the token that was set in Metabot, as \`Authorization: Bearer …\` or alone in a header that you name. Answer 401 or 403 to a wrong one.
- Paths, methods and the base URL can be set otherwise in Metabot; these are the usual ones.
- Fields that are not named here are ignored. \`null\` and an empty text count as left out; letter case, \`_\` and \`-\` in a name do not count.
- **Writes carry an Idempotency-Key.** When an answer was lost the same call comes again with the same key: answer as the first time, and do nothing twice.
- Answer within five seconds. After 408, 429, 5xx or no answer a call is tried twice more, with growing pauses (\`Retry-After\` up to five seconds is obeyed);
  after five failures in a row the bot leaves your system alone for half a minute.
- Redirections are not followed, and an answer is read up to 1 MiB.`

/** The OpenAPI document for the customer's developers, from the very schemas that send and read. */
export function directoryApi() {
  const { calls } = directorySettings.parse({ baseUrl: 'https://directory.example.com', token: 'token' })
  const paths: Record<string, Record<string, object>> = {}
  for (const [name, target] of Object.entries(calls) as [CallName, (typeof calls)[CallName]][]) {
    if (target) paths[target.path] = { ...paths[target.path], [target.method.toLowerCase()]: operations[name] }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'The directory: what a customer’s system answers to Rookery', description: about, version: '1' },
    servers: [{ url: 'https://directory.example.com/api', description: 'The base URL that is set in Metabot' }],
    security: [{ bearer: [] }, { header: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        header: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      },
      schemas: {
        Account: schemaOf(account, 'input'),
        Registered: schemaOf(registered, 'input'),
        Rejection: schemaOf(rejectionBody, 'input'),
        AccountData: schemaOf(accountData, 'output'),
        AccountChange: schemaOf(accountChange, 'output'),
        Connection: schemaOf(connection, 'output'),
      },
    },
  }
}

const nobody = {
  description: 'No such account. `{}`, `[]`, `null`, an empty body and `{"success": false}` say the same',
}
const noAccount = { description: 'No such account. 200 with `{"success": false}` says the same' }
const rejected = answer('The data are not taken: 400, 409, 422, or 200 with `"success": false`', ref('Rejection'))
const done = { description: 'Done, or it was so already. The body may be empty' }
const noCall = { description: 'There is no such call here, and the bot does without' }
const refused = { description: 'The token is missing or wrong' }

const operations: Record<CallName, object> = {
  find: {
    operationId: 'find',
    summary: 'Find the account with this ID, e-mail address or phone number',
    description:
      'One of the three is asked for. Answer several accounts as a list: the person is then asked for the ID.',
    parameters: [
      query('userId', 'As a person types it', '127'),
      query('email', 'As a person types it', 'ada@example.com'),
      query('phone', 'Digits with the country, `79187777777`; compare digits with digits', '79187777777'),
    ],
    responses: {
      200: answer('The account', { anyOf: [ref('Account'), { type: 'array', items: ref('Account') }] }),
      401: refused,
      404: nobody,
    },
  },
  register: {
    ...writing('register', 'Make an account for a person who proved the phone number', 'AccountData'),
    responses: { 200: answer('The new account', ref('Registered')), 401: refused, 422: rejected },
  },
  connectBot: {
    ...writing('connectBot', 'Note that the person linked this account and can be written to', 'Connection'),
    responses: { 200: done, 401: refused, 404: noAccount },
  },
  disconnectBot: {
    ...writing('disconnectBot', 'Note that the person unlinked this account', 'Connection'),
    responses: { 200: done, 401: refused, 404: noAccount, 501: noCall },
  },
  change: {
    ...writing('change', 'Change what the person changed; what is left out stays as it is', 'AccountChange'),
    responses: { 200: done, 401: refused, 404: noAccount, 422: rejected, 501: noCall },
  },
}

function writing(operationId: CallName, summary: string, schema: string) {
  const schemaOfKey = { type: 'string' }
  const description = 'The name of this call: the same when it is repeated'
  return {
    operationId,
    summary,
    parameters: [{ in: 'header', name: 'Idempotency-Key', required: true, description, schema: schemaOfKey }],
    requestBody: { required: true, content: { 'application/json': { schema: ref(schema) } } },
  }
}

function query(name: string, description: string, example: string) {
  return { in: 'query', name, required: false, description, schema: { type: 'string' }, example }
}

function answer(description: string, schema: object) {
  return { description, content: { 'application/json': { schema } } }
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}

/** What is read is shown as it may be written, what is sent as it goes out. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
