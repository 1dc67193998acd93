import { randomBytes, timingSafeEqual } from 'node:crypto'
import { fail } from '../errors.ts'
import { type Credentials, hash, hmac } from './credentials.ts'

const refuse = (): never => fail(18, 'Authentication failed.')

/** The server's half of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding. */
export class ScramConversation {
  /** What the server answers to the client's first message. */
  readonly first: string
  readonly #credentials: Credentials
  readonly #knownUser: boolean
  readonly #header: string
  readonly #nonce: string
  readonly #clientFirst: string

  /** Takes the client's first message, `n,,n=user,r=nonce`. A wrong name is told at the end only. @throws CommandError 18 */
  constructor(credentials: Credentials, message: string, makeNonce = () => randomBytes(24).toString('base64')) {
    const [, header, bare, name, nonce] = /^([ny],,)(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+))$/.exec(message) ?? refuse()
    this.#credentials = credentials
    this.#header = header as string
    this.#clientFirst = bare as string
    this.#knownUser = name?.replace(/=2C/g, ',').replace(/=3D/g, '=') === credentials.user
    this.#nonce = `${nonce}${makeNonce()}`
    const { salt, iterations } = credentials
    this.first = `r=${this.#nonce},s=${Buffer.from(salt).toString('base64')},i=${iterations}`
  }

  /** Checks the client's proof, `c=…,r=nonce,p=proof`, and answers with the server's. @throws CommandError 18 when it proves nothing */
  final(message: string): string {
    const [, withoutProof, binding, nonce, proof] = /^(c=([^,]*),r=([^,]*)),p=([^,]*)$/.exec(message) ?? refuse()
    const whole = `${this.#clientFirst},${this.first},${withoutProof}`
    const header = Buffer.from(binding as string, 'base64').toString()
    const proved = this.#proves(Buffer.from(proof as string, 'base64'), whole)
    if (!proved || !this.#knownUser || header !== this.#header || nonce !== this.#nonce) return refuse()
    return `v=${hmac(this.#credentials.serverKey, whole).toString('base64')}`
  }

  #proves(proof: Buffer, whole: string): boolean {
    const { storedKey } = this.#credentials
    const signature = hmac(storedKey, whole)
    if (proof.length !== signature.length) return false
    const clientKey = proof.map((byte, at) => byte ^ (signature[at] as number))
    return timingSafeEqual(hash(clientKey), storedKey)
  }
}
