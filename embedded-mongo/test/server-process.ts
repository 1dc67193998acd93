import { startEmbeddedMongo } from '../server.ts'

/** Serves the directory of its argument, says where, and ends with its standard input. */
const store = await startEmbeddedMongo({ dir: process.argv[2] ?? '' })
process.stdout.write(`${store.uri}\n`)
process.stdin.resume().on('end', () => store.close())
