import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { BotSetting } from './bot-setting.ts'
import { demoPeople } from './demo-people.ts'
import { People } from './people.ts'
import { requestHandler } from './request-handler.ts'

const { PORT = '8090', DATA_DIR = './data', DIRECTORY_TOKEN = '', DEMO_PHONES, ROOKERY_URL, BOT, API_KEY } = process.env
/** How long a client may take to finish what it sends when the server ends. */
const grace = 2_000

try {
  const port = Number(PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is ${PORT}; it must be a number from 0 to 65535`)
  const dir = join(DATA_DIR, 'directory')
  const people = new People(dir, demoPeople(DEMO_PHONES?.split(',')))
  await people.saved()
  const given = ROOKERY_URL && BOT && API_KEY ? { rookeryUrl: ROOKERY_URL, bot: BOT, apiKey: API_KEY } : undefined
  const server = createServer(requestHandler(people, DIRECTORY_TOKEN, new BotSetting(dir, given)))
  await once(server.listen(port, '127.0.0.1'), 'listening')
  process.stdout.write(`Directory: http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)

  const end = () => {
    server.close()
    setTimeout(() => server.closeAllConnections(), grace).unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
  // A parent that opened a channel and died leaves no directory behind.
  process.once('disconnect', end)
  process.channel?.unref()
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const sentence = taken ? `Port ${PORT} is taken: set PORT to a free one` : (error as Error).message
  process.stderr.write(`The directory cannot start. ${sentence}\n`)
  process.exitCode = 1
}
