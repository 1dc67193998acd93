import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-lint-'))
  await cp(join(root, 'biome.json'), join(dir, 'biome.json'))
})
afterEach(() => rm(dir, { recursive: true }))

test('the linter lets an import run downward', async () => {
  await plant('models/here.ts', "import { seal } from '../config/vault.ts'\n\nexport const sealed = seal\n")
  await plant('config/vault.ts', 'export const seal = 1\n')
  expect(await lint()).toMatchObject({ passed: true })
})

test('the linter catches an import that runs upward', async () => {
  await plant('models/here.ts', "import { Fleet } from '../fleet/fleet.ts'\n\nexport const fleet = Fleet\n")
  await plant('fleet/fleet.ts', 'export const Fleet = 1\n')
  expect(await lint()).toMatchObject({ passed: false, output: expect.stringContaining('noRestrictedImports') })
})

test('the linter catches a circle', async () => {
  await plant('config/hen.ts', "import { egg } from './egg.ts'\n\nexport const hen = () => egg\n")
  await plant('config/egg.ts', "import { hen } from './hen.ts'\n\nexport const egg = () => hen\n")
  expect(await lint()).toMatchObject({ passed: false, output: expect.stringContaining('noImportCycles') })
})

test('the linter keeps the sandbox and the store out of the rest of the house', async () => {
  await plant('sandbox/here.ts', "import { t } from '../config/i18n.ts'\n\nexport const text = t\n")
  await plant('config/i18n.ts', 'export const t = 1\n')
  expect(await lint()).toMatchObject({ passed: false, output: expect.stringContaining('noRestrictedImports') })
})

async function plant(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}

function lint(): Promise<{ passed: boolean; output: string }> {
  const biome = join(root, 'node_modules/.bin/biome')
  return new Promise((resolve) => {
    execFile(biome, ['lint', '--vcs-enabled=false', '.'], { cwd: dir }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr })
    })
  })
}
