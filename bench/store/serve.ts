import { startEmbeddedMongo } from '../../embedded-mongo/server.ts'

// A store in a process of its own. node bench/store/serve.ts <data folder>; prints the URI and how many milliseconds
// opening took.
const [dir = ''] = process.argv.slice(2)
const from = performance.now()
const store = await startEmbeddedMongo({ dir })
process.stdout.write(`${store.uri} ${performance.now() - from}\n`)
process.once('SIGTERM', () => store.close())
