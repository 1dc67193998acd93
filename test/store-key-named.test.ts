import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launch, runProcess } from './rookery-process.ts'

let dir: string
/** The key of the store that all others of this file come from. */
let key: string
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  await folder('home')
  // Opens the store, and so seals it.
  await runProcess({ dir: at('home'), args: ['claim'] })
  key = (await readFile(at('home', 'secret.key'), 'utf8')).trim()
})
afterAll(() => rm(dir, { recursive: true }))

const at = (...path: string[]) => join(dir, ...path)
const folder = (name: string) => mkdir(at(name))

/** What a backup of the store in this folder says of the key. */
async function sealing(name: string, env: Record<string, string> = {}): Promise<string> {
  const { output } = await runProcess({ dir: at(name), args: ['backup'], env })
  const [, said = output] = /^Backup: .*\n(.*)\n$/.exec(output) ?? []
  return said
}

/** The folder of a store that was brought here without its key. */
async function brought(name: string): Promise<string> {
  await folder(name)
  await runProcess({ dir: at('home'), args: ['backup', at(name, 'store.sqlite')] })
  return name
}

test('a backup names the key in the data folder where the store is sealed with that one', async () => {
  expect(await sealing('home')).toBe(
    `What it holds is sealed with the key in ${at('home', 'secret.key')}: keep that too, elsewhere.`,
  )
  expect(await sealing('home', { SECRET_KEY: key })).toBe(
    'What it holds is sealed with your SECRET_KEY: keep that too, elsewhere.',
  )
})

test('a backup names no key that is not there, or that is another', async () => {
  const bare = await brought('bare')
  const file = at(bare, 'secret.key')
  const sealed = (why: string) =>
    `What it holds is sealed with the key that it began with (${why}): keep that too, elsewhere.`
  expect(await sealing(bare)).toBe(sealed(`there is no readable ${file}`))
  expect(await sealing(bare, { SECRET_KEY: 'x'.repeat(40) })).toBe(sealed('your SECRET_KEY is another'))
  await writeFile(file, `${'x'.repeat(64)}\n`)
  expect(await sealing(bare)).toBe(sealed(`the key in ${file} is another`))
  await copyFile(at('home', 'secret.key'), file)
  expect(await sealing(bare)).toContain(`sealed with the key in ${file}:`)
})

test('after an export into a fresh npm run store all name the key of the store that was exported', async () => {
  await folder('served')
  const env = { STORE_PORT: '0' }
  const served = launch({ dir: at('served'), env, file: 'store-server.ts' })
  const [, uri = ''] = await served.says(/^MONGODB_URI=(\S+)/m)
  await served.says(/^SECRET_KEY=\(the key in .*\)$/m)
  expect(await sealing('served')).toBe('Nothing in it is sealed yet.')
  const exported = await runProcess({ dir: at('home'), args: ['store:export', uri] })
  expect(exported.output).toContain(`SECRET_KEY (the key in ${at('home', 'secret.key')}).`)
  const other = `the key that it began with (the key in ${at('served', 'secret.key')} is another)`
  expect(await sealing('served')).toContain(other)
  await served.stop()
  const again = launch({ dir: at('served'), env, file: 'store-server.ts' })
  expect((await again.says(/^SECRET_KEY=\((.*)\)$/m))[1]).toBe(other)
  await again.stop()
})

test('an import says which key it needs, or that it is here already', async () => {
  const served = launch({ dir: at('home'), env: { STORE_PORT: '0' }, file: 'store-server.ts' })
  const [, uri = ''] = await served.says(/^MONGODB_URI=(\S+)/m)
  const imported = async (name: string, env: Record<string, string> = {}) => {
    await folder(name)
    return (await runProcess({ dir: at(name), args: ['store:import', uri], env })).output
  }
  expect(await imported('keyless')).toContain(
    `They are sealed with the SECRET_KEY of that MongoDB: set it, or write it into ${at('keyless', 'secret.key')}.`,
  )
  expect(await imported('keyed', { SECRET_KEY: key })).toMatch(/\nThey are sealed with your SECRET_KEY\.\n$/)
  await served.stop()
})
