import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

let sealingKey: KeyObject | undefined
let printingKey: KeyObject | undefined

/** Derives the keys of this process from its secret. Like mongoose's connection, the vault is one per process, opened by the composition root. */
export function unlockVault(secret: string): void {
  sealingKey = derive(secret, 'seal')
  printingKey = derive(secret, 'print')
}

/** Seals bytes for rest with AES-256-GCM: nonce, tag, ciphertext. */
export function seal(plain: string | Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, unlocked(sealingKey), nonce)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Opens what `seal` closed. @throws when the secret is another one or a byte was changed */
export function open(sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const decipher = createDecipheriv(algorithm, unlocked(sealingKey), bytes.subarray(0, nonceBytes))
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
}

/** A keyed fingerprint (HMAC-SHA-256, base64url) to look a secret up by, `scope` keeping equal digits of two places apart. */
export function fingerprint(scope: string, secret: string): string {
  return printWith(unlocked(printingKey), scope, secret)
}

/** The fingerprint that a vault unlocked with this key would make; the one of this process stays as it is. */
export function fingerprintBy(key: string, scope: string, secret: string): string {
  return printWith(derive(key, 'print'), scope, secret)
}

const printWith = (key: KeyObject, scope: string, secret: string): string =>
  createHmac('sha256', key).update(scope).update('\0').update(secret).digest('base64url')

/** A key object: a raw one would be imported anew at each use. */
function derive(secret: string, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'rookery', use, 32)))
}

function unlocked(key: KeyObject | undefined): KeyObject {
  if (!key) throw new Error('The vault is locked: unlockVault() comes before the first secret')
  return key
}
