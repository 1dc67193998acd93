import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Debian's packages; the first, which can do nothing but run without a window, takes half the time. */
const packages = ['chromium-headless-shell', 'chromium']
const executablePath = packages.map((name) => `/usr/bin/${name}`).find(existsSync)
const args =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** Whether tests in the browser have to be skipped here, which is said aloud; under CI that is an error. */
export function browserIsMissing(): boolean {
  if (executablePath) return false
  const sentence = `There is no Chromium: install it (apt-get install ${packages[0]})`
  if (process.env.CI) throw new Error(sentence)
  process.stdout.write(`${sentence} to run the tests in the browser; they are skipped.\n`)
  return true
}

/** Starts Debian's Chromium; whoever opens it closes it. */
export function openBrowser(): Promise<Browser> {
  if (!executablePath) throw new Error('There is no Chromium')
  return chromium.launch({ executablePath, args: args.split(' ') })
}
