import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { loadEnvFile } from 'node:process'
import { z } from 'zod'
import { ConfigError } from './errors.ts'
import { locales } from './locales.ts'

const portRule = 'must be a port number from 0 to 65535, such as 3000'
const port = z
  .string()
  .regex(/^\d{1,5}$/, portRule)
  .transform(Number)
  .refine((number) => number <= 65535, portRule)
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .transform((url) => url.replace(/\/+$/, ''))

/** Whether the sandbox is this process's own, and its directory on. */
function runsDirectory(
  s: { [name in 'SANDBOX' | 'SANDBOX_URL' | 'METABOT_TOKEN' | 'DEMO_DIRECTORY']?: string | undefined },
) {
  const sandbox = s.SANDBOX === 'on' || (s.SANDBOX === 'auto' && !s.METABOT_TOKEN)
  return sandbox && !s.SANDBOX_URL && s.DEMO_DIRECTORY === 'on'
}

const schema = z
  .object({
    MONGODB_URI: z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
      .optional(),
    DATA_DIR: z.string().min(1).default('./data'),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: port.prefault('3000'),
    PUBLIC_URL: httpUrl.optional(),
    METABOT_TOKEN: z
      .string()
      .regex(/^\d+:[\w-]{20,}$/, 'must be a token from @BotFather, such as 123456:ABC…')
      .optional(),
    TELEGRAM_API_ROOT: httpUrl.default('https://api.telegram.org'),
    SANDBOX: z.enum(['auto', 'on', 'off']).default('auto'),
    SANDBOX_PORT: port.prefault('8081'),
    SANDBOX_URL: httpUrl.optional(),
    DEMO_DIRECTORY: z.enum(['on', 'off']).default('on'),
    DIRECTORY_PORT: port.prefault('8090'),
    STORE_PORT: port.prefault('27018'),
    STORE_PASSWORD: z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 visible ASCII characters without spaces, or left out')
      .optional(),
    SECRET_KEY: z.string().min(32, 'must be at least 32 characters; make one with: openssl rand -hex 32').optional(),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    DEFAULT_LOCALE: z.enum(locales).default('en'),
  })
  .refine((s) => !s.MONGODB_URI || s.SECRET_KEY, {
    path: ['SECRET_KEY'],
    message: 'is required with MONGODB_URI, since all processes must share it; make one with: openssl rand -hex 32',
  })
  .refine((s) => s.SANDBOX !== 'off' || s.METABOT_TOKEN, {
    path: ['METABOT_TOKEN'],
    message: 'is required with SANDBOX=off: get one from @BotFather, or set SANDBOX=on',
  })
  .refine((s) => s.SANDBOX !== 'off' || !s.SANDBOX_URL, {
    path: ['SANDBOX_URL'],
    message: 'names a sandbox although SANDBOX=off: leave one of the two out',
  })
  .refine((s) => s.SANDBOX === 'off' || s.SANDBOX_URL || s.PORT !== s.SANDBOX_PORT || s.PORT === 0, {
    path: ['SANDBOX_PORT'],
    message: 'is the same as PORT: give one of them another number',
  })
  .refine((s) => !runsDirectory(s) || s.PORT !== s.DIRECTORY_PORT || s.PORT === 0, {
    path: ['DIRECTORY_PORT'],
    message: 'is the same as PORT: give one of them another number',
  })
  .refine((s) => !runsDirectory(s) || s.SANDBOX_PORT !== s.DIRECTORY_PORT || s.SANDBOX_PORT === 0, {
    path: ['DIRECTORY_PORT'],
    message: 'is the same as SANDBOX_PORT: give one of them another number',
  })
  .transform((s) => ({
    mongodbUri: s.MONGODB_URI,
    dataDir: resolve(s.DATA_DIR),
    host: s.HOST,
    port: s.PORT,
    publicUrl: s.PUBLIC_URL,
    metabotToken: s.METABOT_TOKEN,
    telegramApiRoot: s.TELEGRAM_API_ROOT,
    sandbox: s.SANDBOX === 'on' || (s.SANDBOX === 'auto' && (!s.METABOT_TOKEN || s.SANDBOX_URL !== undefined)),
    sandboxPort: s.SANDBOX_PORT,
    sandboxUrl: s.SANDBOX_URL,
    demoDirectory: s.DEMO_DIRECTORY === 'on',
    directoryPort: s.DIRECTORY_PORT,
    storePort: s.STORE_PORT,
    storePassword: s.STORE_PASSWORD,
    secretKey: s.SECRET_KEY,
    logLevel: s.LOG_LEVEL,
    defaultLocale: s.DEFAULT_LOCALE,
  }))

export type Settings = z.output<typeof schema>

/**
 * Reads the settings from environment variables (an empty one counts as not set).
 * @throws ConfigError naming every wrong setting and its remedy, on one line
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

/**
 * Reads the settings for a command about the embedded store.
 * @throws ConfigError first of all where a MongoDB is set: what else that one needs is then beside the point
 */
export function readStoreSettings(env: Record<string, string | undefined>): Settings {
  if (env.MONGODB_URI)
    throw new ConfigError(
      'MONGODB_URI: is set, but this command is about the embedded store in DATA_DIR; leave the setting out (a MongoDB has its own mongodump)',
    )
  return readSettings(env)
}

/** The process's own environment, with the `.env` file of the working directory beneath it. */
export function loadSettings(read = readSettings): Settings {
  if (existsSync('.env')) loadEnvFile('.env')
  return read(process.env)
}
