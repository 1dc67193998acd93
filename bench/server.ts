import { startApp } from '../app.ts'
import { createLogger } from '../config/logger.ts'
import { loadSettings } from '../config/settings.ts'
import { hello } from '../examples/hello/hello.ts'
import { sandboxPlan } from '../servers.ts'

// Rookery on a sandbox of another process, without Telegram's limits: node bench/server.ts <address of the sandbox>
const [sandboxUrl = ''] = process.argv.slice(2)
const settings = loadSettings()
const app = await startApp(
  { ...settings, sandbox: false },
  {
    log: createLogger(settings.logLevel),
    kinds: [hello],
    servers: [await sandboxPlan(sandboxUrl)],
  },
)
process.stdout.write(`Rookery: ${app.url}\n`)
for (const { code } of app.claims) process.stdout.write(`Claim code of Metabot: ${code}\n`)
process.once('SIGTERM', () => app.close())
