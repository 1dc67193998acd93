import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'
const args =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** Whether tests in the browser have to be skipped here, which is said aloud; under CI that is an error. */
export function browserIsMissing(): boolean {
  if (existsSync(executablePath)) return false
  const sentence = `There is no ${executablePath}: install it (apt-get install chromium)`
  if (process.env.CI) throw new Error(sentence)
  process.stdout.write(`${sentence} to run the tests in the browser; they are skipped.\n`)
  return true
}

/** Starts Debian's Chromium; whoever opens it closes it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: args.split(' ') })
}
