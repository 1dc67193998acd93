import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeTestData, settingsForTests, startColony } from '../chat-test.ts'
import { Bot } from '../models/bot.ts'
import { Server } from '../models/server.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { startSandbox } from '../sandbox/server.ts'

const telegrams = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }

test("keeps to Telegram's figures where the sandbox's switch is on at the start, and to none where it is off", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  onTestFinished(() => removeTestData(settingsForTests(dir)))
  const alone = await startSandbox({ dir: join(dir, 'sandbox'), port: 0 })
  await callSandbox(alone.url, 'PUT', '/limits/0', { on: true })
  await alone.close()
  {
    await using colony = await startColony({ dir })
    expect((await Server.findById('sandbox').lean())?.limits).toMatchObject(telegrams)
    const chat = colony.admin.chat('metabot')
    await Promise.all(Array.from({ length: 6 }, () => chat.sends('/start')))
    for (let nth = 0; nth < 6; nth++) await chat.sees('Add a bot', { within: 15_000 })
    const metabot = await Bot.theOne('sandbox', 'metabot')
    const path = `/bots/${metabot?.botId}/counters`
    const { sendMessage } = await callSandbox<{ sendMessage: object }>(colony.app.sandboxUrl ?? '', 'GET', path)
    expect(Object.keys(sendMessage)).toEqual(['ok'])
    await callSandbox(colony.app.sandboxUrl ?? '', 'PUT', '/limits/0', { on: false })
  }
  await using _again = await startColony({ dir })
  expect((await Server.findById('sandbox').lean())?.limits).toBeNull()
})
