import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startShopServer } from './server.ts'

// The shop's own system and Rookery with its bot, by one command; SHOP_PORT and all settings of Rookery count.
const root = join(import.meta.dirname, '../..')
const port = Number(process.env.SHOP_PORT ?? 8091)

try {
  const server = await startShopServer(port)
  process.stdout.write(`Shop: ${server.url}\n`)
  const args = ['-r', join(root, 'preload.cjs'), join(root, 'main.ts'), 'start', join(root, 'examples/shop/shop.ts')]
  const rookery = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, SHOP_URL: server.url } })
  // A terminal sends Ctrl-C to both; Rookery decides when all is over.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => rookery.kill())
  rookery.once('exit', (code) => process.exit(code ?? 1))
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const sentence = taken ? `Port ${port} is taken: set SHOP_PORT to a free one` : (error as Error).message
  process.stderr.write(`The shop cannot start. ${sentence}\n`)
  process.exitCode = 1
}
