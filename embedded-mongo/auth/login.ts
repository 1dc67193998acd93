import { Binary, type Doc, int, type Value } from '../bson/values.ts'
import { fields, ok, type Reply } from '../commands/context.ts'
import { fail } from '../errors.ts'
import type { Request } from '../wire/message.ts'
import { type Credentials, storeField } from './credentials.ts'
import { ScramConversation } from './scram.ts'

const mechanism = 'SCRAM-SHA-256'
const greetings = ['hello', 'isMaster', 'ismaster']
const open = [...greetings, 'ping']

/** Where one connection stands: before its login nothing but the greeting, a ping and the login itself is answered. */
export class Login {
  readonly #credentials: Credentials
  readonly #named: boolean
  #conversation: { id: number; scram: ScramConversation; short: boolean; proved: boolean } | undefined
  #conversations = 0
  #done = false

  /** `named`: a greeting is told whose login this is, so that a note can be checked by it. */
  constructor(credentials: Credentials, named: boolean) {
    this.#credentials = credentials
    this.#named = named
  }

  get done(): boolean {
    return this.#done
  }

  /** Answers what belongs to the login; undefined passes the command on. @throws CommandError 13 or 18 */
  answer({ command }: Request): Reply | undefined {
    const name = command.keys().next().value ?? ''
    if (name === 'saslStart') return ok(this.#start(command))
    if (name === 'saslContinue') return ok(this.#continue(command))
    if (!this.#done && !open.includes(name)) fail(13, `Command ${name} requires authentication`)
    return undefined
  }

  /**
   * What a greeting answers beside the usual: the login's first step where one came with it, and how to log in if
   * that is asked.
   */
  greeting({ command }: Request, reply: Reply): Reply {
    if (!greetings.includes(command.keys().next().value ?? '')) return reply
    const first = this.#speculate(command.get('speculativeAuthenticate'))
    return new Map([
      ...reply,
      ...(command.has('saslSupportedMechs') ? fields({ saslSupportedMechs: [mechanism] }) : []),
      ...(this.#named ? fields({ [storeField]: this.#credentials.user }) : []),
      ...(first ? fields({ speculativeAuthenticate: fields(first) }) : []),
    ])
  }

  /** A first step that does not succeed is left out: the client then begins anew and hears why. */
  #speculate(command: Value | undefined) {
    try {
      return command instanceof Map ? this.#start(command) : undefined
    } catch {
      return undefined
    }
  }

  #start(command: Doc) {
    this.#done = false
    this.#conversation = undefined
    if (command.get('mechanism') !== mechanism)
      fail(334, `Received authentication for mechanism ${String(command.get('mechanism'))} which is not enabled`)
    const scram = new ScramConversation(this.#credentials, textOf(command.get('payload')))
    const options = command.get('options')
    const short = options instanceof Map && options.get('skipEmptyExchange') === true
    const id = ++this.#conversations
    this.#conversation = { id, scram, short, proved: false }
    return step(id, scram.first, false)
  }

  #continue(command: Doc) {
    const conversation = this.#conversation
    this.#conversation = undefined
    if (!conversation) return fail(17, 'No SASL session state found')
    const { id, scram, short, proved } = conversation
    const text = textOf(command.get('payload'))
    const final = proved ? '' : scram.final(text)
    if (proved || short) this.#done = true
    else this.#conversation = { ...conversation, proved: true }
    return step(id, final, this.#done)
  }
}

const step = (id: number, payload: string, done: boolean) => ({
  conversationId: int(id),
  done,
  payload: new Binary(0, Buffer.from(payload)),
})

function textOf(payload: Value | undefined): string {
  return payload instanceof Binary ? payload.bytes.toString() : fail(18, 'Authentication failed.')
}
