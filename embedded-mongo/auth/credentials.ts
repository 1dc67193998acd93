import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

/** A login as RFC 5802 has a server keep it: the password cannot be got back from it. */
export interface Credentials {
  user: string
  salt: Uint8Array
  iterations: number
  storedKey: Uint8Array
  serverKey: Uint8Array
}

/**
 * The field of a greeting by which a store that its user reaches by a port tells which one it is: the user of that
 * login.
 */
export const storeField = 'embeddedStore'
const iterations = 15_000
const saltBytes = 28

export const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()
export const hash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/**
 * Derives what the server keeps of a password, with a new salt.
 * @throws RangeError for a password with anything but visible ASCII, which would need SASLprep (RFC 4013)
 */
export async function deriveCredentials(user: string, password: string): Promise<Credentials> {
  if (!/^[\x21-\x7e]+$/.test(password))
    throw new RangeError('a password is of visible ASCII characters, without spaces')
  const salt = randomBytes(saltBytes)
  const salted = await promisify(pbkdf2)(password, salt, iterations, 32, 'sha256')
  const storedKey = hash(hmac(salted, 'Client Key'))
  return { user, salt, iterations, storedKey, serverKey: hmac(salted, 'Server Key') }
}
