import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { keptSecret } from './config/kept-secret.ts'
import type { Logger } from './config/logger.ts'
import { onPort } from './config/on-port.ts'
import type { Settings } from './config/settings.ts'
import { callSandbox } from './sandbox/sandbox-call.ts'

/** The customer's system that the sandbox comes with: examples/directory as a process of its own. */
export type DemoDirectory = {
  url: string
  token: string
  close(): Promise<void>
}

const server = join(import.meta.dirname, 'examples/directory/server.ts')
/** The pause before it is started again, twice as long after each life that was short. */
const restart = { firstMs: 500, longestMs: 30_000, shortLifeMs: 60_000 }

/**
 * Starts a directory that knows the first two people of a sandbox by their phones, and starts it again at the same address whenever it dies.
 * @throws ConfigError when its port cannot be had
 */
export async function startDemoDirectory(
  { dataDir, directoryPort }: Settings,
  sandboxUrl: string,
  log: Logger,
): Promise<DemoDirectory> {
  const [token, people] = await Promise.all([
    keptSecret(dataDir, 'directory.token'),
    callSandbox<{ phone: string }[]>(sandboxUrl, 'GET', '/people'),
  ])
  const phones = people.slice(0, 2).map(({ phone }) => phone)
  const env = { DATA_DIR: dataDir, DIRECTORY_TOKEN: token, DEMO_PHONES: phones.join(',') }
  let life = begin({ ...env, PORT: `${directoryPort}` }, log)
  const url = await onPort('DIRECTORY_PORT', directoryPort, () => life.listening)
  const closing = new AbortController()

  async function keepAlive(): Promise<void> {
    for (let shortLives = 0; ; ) {
      const born = performance.now()
      const code = await life.ended
      if (closing.signal.aborted) return
      log.error({ code }, 'the demo directory has ended and is started again')
      shortLives = performance.now() - born < restart.shortLifeMs ? shortLives + 1 : 0
      const pauseMs = Math.min(restart.firstMs * 2 ** shortLives, restart.longestMs)
      await pause(pauseMs, undefined, { signal: closing.signal }).catch(() => {})
      if (closing.signal.aborted) return
      life = begin({ ...env, PORT: new URL(url).port }, log)
      life.listening.catch((error) => log.error({ err: error }, 'the demo directory did not start'))
    }
  }
  const living = keepAlive()
  return {
    url,
    token,
    async close() {
      closing.abort()
      life.child.kill()
      await living
    },
  }
}

type Life = {
  child: ChildProcess
  /** Its address. Rejects with what it said when it ended before, with the code EADDRINUSE where its port was taken. */
  listening: Promise<string>
  ended: Promise<number | null>
}

function begin(env: Record<string, string>, log: Logger): Life {
  // In a group of its own: Ctrl-C is for us, who close it last. By the channel it ends with us, however we end.
  const child = spawn(process.execPath, [server], {
    detached: true,
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (said: string) => {
    complaint = said.trim()
    log.warn({ said: complaint }, 'the demo directory complains')
  })
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').once('data', (line: string) => resolve(line.replace(/^Directory: /, '').trim()))
    ended.then(() => {
      const code = /Port \d+ is taken/.test(complaint) ? 'EADDRINUSE' : undefined
      reject(Object.assign(new Error(complaint || 'The demo directory ended at once'), { code }))
    }, reject)
  })
  return { child, listening, ended }
}
