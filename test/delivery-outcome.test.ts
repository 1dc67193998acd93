import { expect, test } from 'vitest'
import { judge } from '../delivery/outcome.ts'

const refused = (error_code: number, more: object = {}) =>
  ({ ok: false, error_code, description: 'So it is', ...more }) as const

test.each([502, 504, 0])('does not know after %s whether the message arrived', (code) => {
  expect(judge(refused(code), { once: true })).toEqual({ step: 'finish', state: 'unknown', error: 'So it is' })
  expect(judge(refused(code), { once: false })).toMatchObject({ step: 'try again', possibleDuplicate: true })
})

test.each([
  ['500', refused(500)],
  ['503', refused(503)],
  ['no connection', refused(0, { unsent: true })],
])('tries again after %s, also at most once, since nothing was sent', (_, answer) => {
  for (const once of [true, false])
    expect(judge(answer, { once })).toMatchObject({ step: 'try again', possibleDuplicate: false })
})

test('does not repeat what the messenger refuses', () => {
  expect(judge(refused(400), { once: false })).toMatchObject({ step: 'finish', state: 'failed' })
  expect(judge(refused(403), { once: false })).toMatchObject({ step: 'finish', state: 'stopped' })
})
