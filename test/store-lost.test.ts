import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('ends the process in one line when the store is lost, whatever else keeps it alive', async () => {
  const program = `
    import { endWhenLost } from '${join(import.meta.dirname, '..', 'data-folder.ts')}'
    setInterval(() => {}, 1_000)
    endWhenLost(Promise.resolve(new Error('the embedded store is gone: it ran out of memory')))
  `
  const ended = await new Promise<{ code: unknown; said: string }>((done) => {
    const args = ['--input-type=module-typescript', '--eval', program]
    execFile(process.execPath, args, (error, _out, said) => done({ code: error?.code, said }))
  })
  expect(ended).toEqual({ code: 1, said: 'the embedded store is gone: it ran out of memory\n' })
})
