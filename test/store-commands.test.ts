import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { expect, test } from 'vitest'
import { startColony } from '../chat-test.ts'
import { startEmbeddedMongo } from '../embedded-mongo/server.ts'
import { recordCommands } from '../embedded-mongo/test/recorded-commands.ts'

test('sends the store nothing that it does not state as supported, from the first start to a talking bot', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const store = await startEmbeddedMongo({ dir: join(dir, 'store') })
  const uri = `${store.uri.replace('/?', '/house?')}&monitorCommands=true`
  let recorded: ReturnType<typeof recordCommands> | undefined
  mongoose.connection.once('connected', () => {
    recorded = recordCommands(mongoose.connection.getClient())
  })
  const env = { MONGODB_URI: uri, SECRET_KEY: 'the secret of a store that listens to what is asked' }
  const colony = await startColony({ dir, env })
  try {
    await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
    const chat = colony.user.chat('shop_bot')
    await chat.start()
    await chat.sees('Shop')
  } finally {
    await colony.close()
    await store.close()
    await rm(dir, { recursive: true })
  }
  const usual = ['createIndexes', 'find', 'insert', 'update', 'delete', 'findAndModify', 'aggregate']
  expect([...(recorded?.sent ?? [])]).toEqual(expect.arrayContaining(usual))
  expect([...(recorded?.unstated ?? [])]).toEqual([])
})
