import { join } from 'node:path'
import { assistant } from './bots/assistant.ts'
import { metabot } from './bots/metabot.ts'
import type { Logger } from './config/logger.ts'
import { onPort } from './config/on-port.ts'
import { setPublicUrl } from './config/public-url.ts'
import type { Settings } from './config/settings.ts'
import { type DemoDirectory, startDemoDirectory } from './demo-directory.ts'
import type { Kind } from './dialogue/kind.ts'
import { registerKinds } from './dialogue/kinds.ts'
import { Fleet, type FleetTimes } from './fleet/fleet.ts'
import { createHttpServer } from './http/server.ts'
import { Jobs, type JobTimes } from './jobs/jobs.ts'
import { startSandbox } from './sandbox/server.ts'
import { type Claim, type ServerPlan, sandboxPlan, settle, settleDirectory, telegramPlan } from './servers.ts'
import { openStore } from './store.ts'

export type App = {
  /** Where Rookery's HTTP API listens. */
  url: string
  sandboxUrl: string | undefined
  /** The customer's system that the sandbox of this process comes with. */
  directory: Pick<DemoDirectory, 'url' | 'token'> | undefined
  /** One for each Metabot that has no owner yet. */
  claims: Claim[]
  close(): Promise<void>
}

export type AppParts = {
  log: Logger
  /** Kinds of bots beside our own. */
  kinds?: readonly Kind[]
  times?: FleetTimes
  jobTimes?: JobTimes
  /** The servers that are on, instead of those that the settings name: a sandbox of another process, say. */
  servers?: ServerPlan[]
}

/** Builds everything from the settings and starts it; what was started is closed again in reverse when something fails. */
export async function startApp(
  settings: Settings,
  { log, kinds = [], times, jobTimes, ...parts }: AppParts,
): Promise<App> {
  const closing: (() => Promise<unknown>)[] = []
  // Every step is taken, whatever became of the one before it.
  const close = async () => {
    const failed: unknown[] = []
    for (const step of closing.splice(0).reverse()) await step().catch((error) => failed.push(error))
    if (failed.length > 0) throw new AggregateError(failed, 'Rookery could not be closed cleanly')
  }
  try {
    const store = await openStore(settings)
    closing.push(() => store.close())
    const sandbox = settings.sandbox && !settings.sandboxUrl ? await openSandbox(settings) : undefined
    if (sandbox) closing.push(() => sandbox.close())
    const directory = sandbox && settings.demoDirectory ? startDemoDirectory(settings, sandbox.url, log) : undefined
    // Its failure is heard where it is waited for, further down.
    const begun = directory?.catch(() => undefined)
    closing.push(async () => (await begun)?.close())
    const sandboxUrl = sandbox?.url ?? (settings.sandbox ? settings.sandboxUrl : undefined)

    const known = registerKinds([metabot, assistant, ...kinds])
    const plans = parts.servers ?? (await plan(settings, sandboxUrl))
    const claims: Claim[] = []
    for (const one of plans) {
      const claim = await settle(one, settings)
      if (claim) claims.push(claim)
    }
    const servers = plans.map(({ record }) => record)
    const fleet = new Fleet({ servers, kinds: known, alone: store.alone, log, ...(times && { times }) })
    const http = await createHttpServer({ kinds: known, servers, log, settings })
    closing.push(() => http.close())
    const url = await listen(http, settings)
    setPublicUrl(url, settings.publicUrl)
    // It has started beside all this; no bot runs before it is known where it is.
    if (sandbox) await settleDirectory(await directory)
    closing.push(() => fleet.stop())
    await fleet.start()
    const jobs = await Jobs.start(log, jobTimes)
    closing.push(() => jobs.stop())
    return { url, sandboxUrl, directory: await directory, claims, close }
  } catch (error) {
    await close().catch((failed) => log.error({ err: failed }, 'what had been started could not be closed'))
    throw error
  }
}

async function plan(
  { metabotToken, telegramApiRoot }: Settings,
  sandboxUrl: string | undefined,
): Promise<ServerPlan[]> {
  const sandbox = sandboxUrl ? [await sandboxPlan(sandboxUrl)] : []
  return metabotToken ? [...sandbox, telegramPlan(telegramApiRoot, metabotToken)] : sandbox
}

function openSandbox({ dataDir, sandboxPort }: Settings) {
  return onPort('SANDBOX_PORT', sandboxPort, () => startSandbox({ dir: join(dataDir, 'sandbox'), port: sandboxPort }))
}

function listen(http: Awaited<ReturnType<typeof createHttpServer>>, { host, port }: Settings): Promise<string> {
  return onPort('PORT', port, () => http.listen({ host, port }))
}
