import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { startApp } from './app.ts'
import { ConfigError } from './config/errors.ts'
import { createLogger } from './config/logger.ts'
import { loadSettings, readStoreSettings, type Settings } from './config/settings.ts'
import type { Kind } from './dialogue/kind.ts'
import { renewClaims } from './servers.ts'
import { closeAtSignal } from './signals.ts'
import { joinStore } from './store.ts'
import { type StoreCommand, storeCommands } from './store-commands.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Starts the server; a signal stops it. */
async function start(settings: Settings, kindFiles: string[]): Promise<void> {
  const kinds = await Promise.all(kindFiles.map(loadKind))
  const log = createLogger(settings.logLevel)
  const app = await startApp(settings, { log, kinds })
  say(`Rookery: ${settings.publicUrl ?? app.url} (HTTP API: ${app.url}/api/docs)`)
  if (app.sandboxUrl) say(`Sandbox: ${app.sandboxUrl}`)
  if (app.directory) say(`Directory: ${app.directory.url}`)
  for (const { code, link } of app.claims) say(`Claim code of Metabot: ${code} (or open ${link})`)
  closeAtSignal(app.close, log)
}

/** The kind that a module of an author's exports. */
async function loadKind(file: string): Promise<Kind> {
  if (!existsSync(file)) throw new ConfigError(`${file}: there is no such file; name the files of kinds by their paths`)
  const exports: Record<string, unknown> = await import(pathToFileURL(file).href)
  const kinds = Object.values(exports).filter(isKind)
  if (kinds.length === 1 && kinds[0]) return kinds[0]
  throw new ConfigError(`${file}: exports ${kinds.length} kinds; it should export one, made by defineKind()`)
}

function isKind(value: unknown): value is Kind {
  return typeof value === 'object' && value !== null && 'skills' in value && 'endpoints' in value
}

/** Makes a new claim code for each Metabot, beside a running server or without one. */
async function claim(settings: Settings): Promise<void> {
  const store = await joinStore(settings)
  try {
    const claims = await renewClaims()
    if (claims.length === 0) throw new ConfigError('There is no Metabot yet: start Rookery once with npm start')
    for (const { server, code, link, owned } of claims) {
      say(`Claim code of Metabot on ${server}: ${code} (or open ${link})`)
      if (owned) say('It has an owner already: whoever uses this code becomes another.')
    }
  } finally {
    await store.close()
  }
}

/** Says how the command is called rather than guess what else was meant. */
async function tend({ usage, run }: StoreCommand, given: string[]): Promise<void> {
  const [first] = given
  if (given.length > 1 || first?.startsWith('-')) throw new ConfigError(`Usage: ${usage}`)
  for (const line of await run(loadSettings(readStoreSettings), first)) say(line)
}

const [command = 'start', ...rest] = process.argv.slice(2)
const aboutTheStore = storeCommands.get(command)
try {
  if (command === 'start') await start(loadSettings(), rest)
  else if (command === 'claim') await claim(loadSettings())
  else if (aboutTheStore) await tend(aboutTheStore, rest)
  else
    throw new ConfigError(
      `Unknown command "${command}"; known: start [kind files], claim, ${[...storeCommands.keys()].join(', ')}`,
    )
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
