import { startEmbeddedMongo } from '../server.ts'

/**
 * Serves the directory of its argument, says where, and ends with its standard input, or with code 3 when the store
 * is lost.
 */
const [dir = '', options = '{}'] = process.argv.slice(2)
const store = await startEmbeddedMongo({ dir, ...JSON.parse(options) })
process.stdout.write(`${store.uri}\n`)
process.stdin.resume().on('end', () => store.close())
store.lost.then(async ({ message }) => {
  process.stderr.write(`${message}\n`)
  await store.close().catch(({ name }) => process.stderr.write(`${name}\n`))
  process.exit(3)
})
