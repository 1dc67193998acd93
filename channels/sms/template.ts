import type { Sms } from './gateway.ts'

/** How a value is written where it stands: in an address, in the body of a form, between the quotes of a JSON string. */
export type Escaping = 'query' | 'form' | 'json'

const escapes: Record<Escaping, (value: string) => string> = {
  query: encodeURIComponent,
  form: (value) => new URLSearchParams({ value }).toString().slice('value='.length),
  json: (value) => JSON.stringify(value).slice(1, -1),
}

/** Puts an SMS in the places of {{to}} and {{text}}. */
export function fill(template: string, sms: Sms, escaping: Escaping): string {
  // Half an emoji has no place in an address.
  const write = (value: string) => escapes[escaping](value.toWellFormed())
  return template.replace(/\{\{(to|text)\}\}/g, (_, name: keyof Sms) => write(sms[name]))
}

/** A text that shows where a template forgets to leave a value its room. */
const trying: Sms = { to: '998901234567', text: 'Say "hello" & wait\n' }
const otherTrying: Sms = { to: '15551234567', text: 'x' }

const strange = (template: string) => template.replace(/\{\{(to|text)\}\}/g, '').match(/\{\{.*?\}\}/)?.[0]

/** What is wrong with the template of an address, if anything. */
export function faultOfUrl(template: string): string | undefined {
  const unknown = strange(template)
  if (unknown) return `${unknown} is not known; {{to}} and {{text}} are`
  if (template.includes('+{{to}}')) return 'write %2B{{to}} in an address: a + is a space there'
  const [url, other] = [trying, otherTrying].map((sms) => URL.parse(fill(template, sms, 'query')))
  if (!url || !/^https?:$/.test(url.protocol)) return 'an address begins with https:// or http://'
  if (url.username || url.password) return 'a login does not stand in the address: make an Authorization header of it'
  return url.host === other?.host ? undefined : '{{to}} and {{text}} cannot choose the host'
}

/** What is wrong with the template of a body, if anything. */
export function faultOfBody(template: string, escaping: 'form' | 'json'): string | undefined {
  const unknown = strange(template)
  if (unknown) return `${unknown} is not known; {{to}} and {{text}} are`
  if (escaping === 'form')
    return template.includes('+{{to}}') ? 'write %2B{{to}} in a form: a + is a space there' : undefined
  try {
    JSON.parse(fill(template, trying, 'json'))
    return undefined
  } catch {
    return 'it is not JSON; {{text}} needs quotes around it'
  }
}
