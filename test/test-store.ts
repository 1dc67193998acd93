import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settingsForTests } from '../chat-test.ts'
import { openStore } from '../store.ts'

/** A fresh store for tests of models; `close` removes it. */
export async function openTestStore(): Promise<{ close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const store = await openStore(settingsForTests(dir))
  return {
    async close() {
      await store.close()
      await rm(dir, { recursive: true })
    },
  }
}
