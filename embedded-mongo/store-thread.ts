import { Worker } from 'node:worker_threads'
import { PortError, StoreInUseError, StoreLostError, UnusableStoreError } from './start-errors.ts'
import type { WorkerMessage, WorkerOptions } from './worker.ts'

/** The thread that serves a store. */
export interface StoreThread {
  /** By door; undefined for one that is a socket. */
  ports: (number | undefined)[]
  /** Resolves when the thread has ended without being told to. */
  lost: Promise<StoreLostError>
  /** Finishes what runs, closes the file, ends the thread. */
  stop(): Promise<void>
}

/** @throws StoreInUseError, UnusableStoreError or PortError, each in one line */
export async function startThread(options: WorkerOptions): Promise<StoreThread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: options,
    name: 'embedded-mongo',
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
  })
  let failure: Error | undefined
  worker.on('error', (error) => {
    failure = error
  })
  let stopping = false
  const exited = new Promise<void>((done) => worker.once('exit', () => done()))
  const lost = new Promise<StoreLostError>((tell) => {
    exited.then(() => {
      if (!stopping) tell(lostBy(failure))
    })
  })
  const stop = async () => {
    stopping = true
    worker.postMessage('close')
    await exited
    if (failure) throw lostBy(failure)
  }
  const first = await Promise.race([firstMessage(worker), lost])
  if (first instanceof StoreLostError) throw failure ?? first
  if (first.kind === 'failed') throw startError(first)
  return { ports: first.ports, lost, stop }
}

/** Under `node --watch` Node itself posts messages from the worker. */
function firstMessage(worker: Worker): Promise<WorkerMessage> {
  return new Promise((done) => {
    const listen = (message: Partial<WorkerMessage>) => {
      if (message.kind !== 'ready' && message.kind !== 'failed') return
      worker.off('message', listen)
      done(message as WorkerMessage)
    }
    worker.on('message', listen)
  })
}

function startError({ message, blame, code }: WorkerMessage & { kind: 'failed' }): Error {
  if (blame === 'lock') return new StoreInUseError(message)
  if (blame === 'file') return new UnusableStoreError(message)
  if (blame === 'port' && code) return new PortError(message, code)
  return new Error(`the embedded store could not start: ${message}`)
}

function lostBy(failure: (Error & { code?: string }) | undefined): StoreLostError {
  const memory = failure?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const why = memory ? 'it ran out of memory' : (failure?.message.split('\n')[0] ?? 'its thread ended')
  const said = `the embedded store is gone: ${why}; what it had acknowledged is on the disk, start again`
  return new StoreLostError(said, { cause: failure })
}
