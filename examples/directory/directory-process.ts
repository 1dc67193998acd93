import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export const token = 'a-token-for-tests'

/** An answer as a bot gets it; an empty text where the body is none. */
export interface Heard {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  body: any
}

/** The directory as a process of its own, with its data in a folder of its own. */
export class DirectoryProcess {
  readonly url: string
  readonly dir: string
  readonly #child
  readonly #ended

  private constructor(url: string, dir: string, child: ReturnType<typeof launch>) {
    this.url = url
    this.dir = dir
    this.#child = child
    this.#ended = once(child, 'exit')
  }

  /** `dir` is the folder of an earlier one, to start it again. */
  static async start({
    env = {},
    dir,
  }: {
    env?: Record<string, string>
    dir?: string
  } = {}): Promise<DirectoryProcess> {
    const folder = dir ?? (await mkdtemp(join(tmpdir(), 'directory-')))
    const child = launch({ PORT: '0', DATA_DIR: folder, DIRECTORY_TOKEN: token, ...env })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
    const [, url] = /^Directory: (http:\S+)\n$/.exec(said) ?? []
    if (!url) throw new Error(said)
    return new DirectoryProcess(url, folder, child)
  }

  /** A call of a bot, or of the page. */
  async call(call: string, body?: object, headers: Record<string, string> = {}): Promise<Heard> {
    const [method = '', path] = call.split(' ')
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }

  /** Resolves to the exit code; null where the signal ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal)
    const [code] = await this.#ended
    return code
  }

  /** As when the parent dies. */
  async leave(): Promise<number | null> {
    this.#child.disconnect()
    const [code] = await this.#ended
    return code
  }

  async close(): Promise<void> {
    await this.stop()
    await rm(this.dir, { recursive: true })
  }
}

function launch(env: Record<string, string>): ChildProcessByStdio<null, Readable, Readable> {
  const child: unknown = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  // Node's types know no such child that also has a channel.
  return child as ChildProcessByStdio<null, Readable, Readable>
}
