import fastify from 'fastify'
import { MongoClient, ObjectId } from 'mongodb'
import { startEmbeddedMongo } from '../embedded-mongo/server.ts'

// What a call is measured against: a route that writes its body by one insertOne. node bench/bare.ts <data folder>
const [dir = ''] = process.argv.slice(2)
const store = await startEmbeddedMongo({ dir })
const client = await new MongoClient(store.uri).connect()
const calls = client.db('bare').collection('calls')
const app = fastify()
app.post<{ Body: { script_request_params: object } }>('/call', async ({ body }) => {
  const record = { _id: new ObjectId(), madeAt: new Date(), content: body.script_request_params }
  await calls.insertOne(record)
  return { success: true, notificationId: String(record._id) }
})
process.stdout.write(`Bare: ${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
process.once('SIGTERM', async () => {
  await app.close()
  await client.close()
  await store.close()
})
