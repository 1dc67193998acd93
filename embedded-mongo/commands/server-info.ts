import { DateTime, int } from '../bson/values.ts'
import { largestDocument, largestMessage, mostWrites } from '../limits.ts'
import { fields, type Handler, ok } from './context.ts'

/** No setName: a standalone, so no retryable writes. No topologyVersion: drivers ask again instead of waiting. */
export const hello: Handler = (context) =>
  ok({
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    maxBsonObjectSize: int(largestDocument),
    maxMessageSizeBytes: int(largestMessage),
    maxWriteBatchSize: int(mostWrites),
    localTime: new DateTime(BigInt(Date.now())),
    logicalSessionTimeoutMinutes: int(30),
    connectionId: int(context.connectionId),
    minWireVersion: int(0),
    maxWireVersion: int(21),
    readOnly: false,
  })

export const ping: Handler = () => ok()
export const endSessions: Handler = () => ok()

const version = '7.0.0'

export const buildInfo: Handler = () =>
  ok({
    version,
    versionArray: [int(7), int(0), int(0), int(0)],
    gitVersion: 'embedded',
    modules: [],
    storageEngines: ['sqlite'],
    bits: int(64),
    debug: false,
    maxBsonObjectSize: int(largestDocument),
  })

export const serverStatus: Handler = (context) =>
  ok({
    host: 'embedded',
    version,
    process: 'embedded-mongo',
    pid: BigInt(process.pid),
    uptime: process.uptime(),
    localTime: new DateTime(BigInt(Date.now())),
    connections: fields(mapped(context.connections.counts)),
    storageEngine: fields({ name: 'sqlite', persistent: true, synchronous: context.kv.synchronous }),
    metrics: fields({ cursor: fields({ open: fields({ total: int(context.cursors.size) }) }) }),
    mem: fields({ resident: int(Math.round(process.memoryUsage.rss() / 1048576)) }),
  })

const mapped = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, int(count)]))
