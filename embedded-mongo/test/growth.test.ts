import { BSON } from 'mongodb'
import { expect, it } from 'vitest'
import { encodeDocument } from '../bson/encode.ts'

it('writes a document whose nested values outgrow the buffer', () => {
  const inner = new Map([['text', 'x'.repeat(300_000)]])
  const bytes = encodeDocument(new Map([['a', new Map([['b', [inner]]])]]))
  expect(BSON.deserialize(bytes)).toEqual({ a: { b: [Object.fromEntries(inner)] } })
})
