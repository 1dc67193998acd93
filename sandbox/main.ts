import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadEnvFile } from 'node:process'
import { startSandbox } from './server.ts'

if (existsSync('.env')) loadEnvFile('.env')

const port = Number(process.env.SANDBOX_PORT ?? 8081)
const dir = join(process.env.DATA_DIR ?? './data', 'sandbox')

try {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`SANDBOX_PORT is ${process.env.SANDBOX_PORT}; it must be a number from 0 to 65535`)
  const sandbox = await startSandbox({ dir, port })
  process.stdout.write(`Sandbox: ${sandbox.url} (state in ${dir})\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => sandbox.close())
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const sentence = taken ? `Port ${port} is taken: set SANDBOX_PORT to a free one` : (error as Error).message
  process.stderr.write(`The sandbox cannot start. ${sentence}\n`)
  process.exitCode = 1
}
