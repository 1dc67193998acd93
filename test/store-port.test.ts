import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { expect, it } from 'vitest'
import { readSettings } from '../config/settings.ts'
import { startEmbeddedMongo } from '../embedded-mongo/server.ts'
import { joinStore } from '../store.ts'
import { backUpStore } from '../store-commands.ts'

it('commands find a running store that has no socket, join it and back it up', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const settings = readSettings({ DATA_DIR: dir, LOG_LEVEL: 'silent' })
  const running = await startEmbeddedMongo({ dir, socket: false })
  const joined = await joinStore(settings)
  expect(joined.alone).toBe(false)
  expect(await mongoose.connection.db?.admin().ping()).toEqual({ ok: 1 })
  await joined.close()
  const file = join(dir, 'copy.sqlite')
  expect((await backUpStore(settings, file))[0]).toBe(`Backup: ${file}`)
  expect((await stat(file)).size).toBeGreaterThan(0)
  await running.close()
  await rm(dir, { recursive: true })
})
