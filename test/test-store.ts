import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeTestData, settingsForTests } from '../chat-test.ts'
import { openStore } from '../store.ts'

/** A fresh store for tests of models; `close` removes it. */
export async function openTestStore(): Promise<{ close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const settings = settingsForTests(dir)
  const store = await openStore(settings)
  return {
    async close() {
      await store.close()
      await removeTestData(settings)
    },
  }
}
