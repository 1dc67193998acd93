import { startApp } from '../../app.ts'
import { createLogger } from '../../config/logger.ts'
import { loadSettings } from '../../config/settings.ts'
import { type FleetTimes, fleetTimes } from '../../fleet/fleet.ts'
import { closeAtSignal } from '../../signals.ts'
import { tallying } from './tally.ts'

/** Rookery as a process, with the times (JSON) that a test wants. */
const times: Partial<FleetTimes> = JSON.parse(process.argv[2] ?? '{}')
const settings = loadSettings()
const log = createLogger(settings.logLevel)
const app = await startApp(settings, { log, kinds: [tallying], times: { ...fleetTimes, ...times } })
closeAtSignal(app.close, log)
process.stdout.write(`Rookery: ${app.url}\n`)
