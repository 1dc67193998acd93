import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const patienceMs = 45_000

export type ProcessOptions = {
  /** The data folder, and the working folder as well: no `.env` of a developer is read. */
  dir: string
  /** Settings as in the environment, beside free ports; nothing else is handed on but PATH, and the demo directory is off. */
  env?: Record<string, string>
  /** The command and what follows it; kind files as absolute paths. */
  args?: string[]
}

/** Rookery as a process of its own. */
export type RookeryProcess = {
  pid: number
  url: string
  /** Empty when the sandbox is off. */
  sandboxUrl: string
  /** The claim code of Metabot as it was printed; waits for that line. */
  claim(): Promise<{ code: string; link: string }>
  /** All of standard output so far. */
  output(): string
  /** All of standard error so far. */
  log(): string
  /** Waits until standard output matches. @throws with all that was said, when the process ends before or 45 s pass */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends the signal, SIGINT unless said, and answers the exit code; null when the signal itself ended the process. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  kill(): Promise<void>
}

export type EndedProcess = { code: number | null; output: string; log: string }

/** Starts the server, with the embedded store and on free ports, and waits until it has printed its addresses. */
export async function startProcess({ dir, env = {}, args = ['start'] }: ProcessOptions): Promise<RookeryProcess> {
  const run = launch({ dir, env: { ...(await freePorts()), ...env }, args })
  const { says, stop } = run
  try {
    const [, url = ''] = await says(/^Rookery: (\S+)/m)
    const [, sandboxUrl = ''] = env.SANDBOX === 'off' ? [] : await says(/^Sandbox: (\S+)/m)
    const claim = async () => {
      const [, code = '', link = ''] = await says(/^Claim code of Metabot: (\S+) \(or open (\S+)\)/m)
      return { code, link }
    }
    return { ...run, url, sandboxUrl, claim, kill: async () => void (await stop('SIGKILL')) }
  } catch (error) {
    await stop('SIGKILL')
    throw error
  }
}

/** Runs a command that ends by itself: `claim`, or a start that is refused. */
export async function runProcess({ dir, env = {}, args = ['start'] }: ProcessOptions): Promise<EndedProcess> {
  const { ended, stop, output, log } = launch({ dir, env: { ...(await freePorts()), ...env }, args })
  const patience = setTimeout(() => stop('SIGKILL'), patienceMs)
  const code = await ended
  clearTimeout(patience)
  return { code, output: output(), log: log() }
}

/** Two ports that nobody listens on, as settings; a second start with them finds the first one's addresses. */
export async function freePorts(): Promise<{ PORT: string; SANDBOX_PORT: string }> {
  const servers = [createServer(), createServer()].map((server) => server.listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const [port, sandboxPort] = servers.map((server) => `${(server.address() as AddressInfo).port}`)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return { PORT: port ?? '', SANDBOX_PORT: sandboxPort ?? '' }
}

export type LaunchedProcess = ReturnType<typeof launch>

/** Runs a file of the project and waits for nothing: it may be killed before it has begun to work. */
export function launch({ dir, env = {}, args = [], file = 'main.ts' }: ProcessOptions & { file?: string }) {
  const child = spawn(process.execPath, ['-r', join(root, 'preload.cjs'), join(root, file), ...args], {
    cwd: dir,
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: dir,
      LOG_LEVEL: 'warn',
      DIRECTORY_PORT: '0',
      DEMO_DIRECTORY: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    process.off('exit', endWithUs)
    return code ?? null
  })
  let output = ''
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))

  async function says(pattern: RegExp): Promise<RegExpExecArray> {
    const patience = AbortSignal.timeout(patienceMs)
    for (;;) {
      const found = pattern.exec(output)
      if (found) return found
      const more = once(child.stdout, 'data', { signal: patience }).then(() => true)
      const goesOn = await Promise.race([more, ended.then(() => pattern.test(output))]).catch(() => false)
      if (!goesOn) throw new Error(`The process did not say ${pattern}, but:\n${output}\n${log}`)
    }
  }
  async function stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    child.kill(signal)
    return ended
  }
  return { pid: child.pid ?? 0, ended, says, stop, output: () => output, log: () => log }
}
