import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineEndpoint } from '../dialogue/endpoint.ts'
import { defineKind } from '../dialogue/kind.ts'
import { startHttpWorld } from './http-world.ts'

const contract = { summary: 'Takes its time', params: z.object({}), answer: z.object({}) }

test('finishes what it has begun when it closes, and tells others to come back', async () => {
  let release = () => {}
  const begun = Promise.withResolvers<void>()
  const slow = defineEndpoint('slow', contract, async () => {
    begun.resolve()
    await new Promise<void>((resolve) => (release = resolve))
    return {}
  })
  const world = await startHttpWorld([defineKind({ id: 'slow', skills: [{ id: 'slow', endpoints: [slow] }] })])
  const bot = await world.newBot('slow')
  const { secret } = await world.apiKey()
  const { port, hostname } = new URL(await world.http.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  const call = `POST /api/v1/bots/${bot.record.username}/call/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\nContent-Length: 2\r\n\r\n{}`
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk
  })
  socket.write(call)
  await begun.promise
  const closed = world.http.close()
  socket.write(call)
  await new Promise((resolve) => setImmediate(resolve))
  release()
  await closed
  const answers = heard.match(/HTTP\/1\.1 \d+|"success":\w+|retry-after: \d+/g)
  expect(answers).toEqual(['HTTP/1.1 200', '"success":true', 'HTTP/1.1 503', 'retry-after: 1', '"success":false'])
  socket.destroy()
  await world.close()
})
