import type { Socket } from 'node:net'
import { t } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'

const statuses: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Answers in our own words what Node could not read as HTTP, and so never became a request; then the connection ends. */
export function clientErrorHandler(locale: Locale) {
  return ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const body = JSON.stringify({ success: false, message: t(locale, 'api.notHttp') })
    const head = [
      `HTTP/1.1 ${statuses[code] ?? '400 Bad Request'}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ]
    // The other side may never end its half.
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  }
}
