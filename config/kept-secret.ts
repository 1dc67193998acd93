import { randomBytes } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from './errors.ts'

const fewestCharacters = 32

/**
 * A secret that is made once and kept in the data folder, for its user's eyes only.
 * @throws ConfigError when the kept one is damaged
 */
export async function keptSecret(dataDir: string, name: string): Promise<string> {
  const file = join(dataDir, name)
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (kept === undefined) return make(file)
  if (kept.trim().length >= fewestCharacters) return kept.trim()
  throw new ConfigError(
    `DATA_DIR: ${file} is damaged; bring it back from a backup, or remove it if the data folder is new`,
  )
}

/** Written whole before it gets its name: a power cut must not leave half a key. */
async function make(file: string): Promise<string> {
  const made = randomBytes(32).toString('hex')
  const draft = `${file}.${process.pid}`
  const handle = await open(draft, 'w', 0o600)
  await handle.writeFile(`${made}\n`)
  await handle.sync()
  await handle.close()
  await link(draft, file)
  await rm(draft)
  return made
}
