import { badRequest } from '../failures.ts'

const ports = new Set(['', '443', '80', '88', '8443'])
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** On this machine any address will do; for others Telegram's rules hold: HTTPS, and few ports. */
export function checkWebhookAddress(written: string): void {
  const url = URL.parse(written)
  if (!url || !/^https?:$/.test(url.protocol))
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  if (loopback.test(url.hostname)) return
  if (url.protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  if (!ports.has(url.port)) throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443')
}
