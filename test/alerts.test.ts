import { afterAll, beforeAll, expect, test } from 'vitest'
import { tellAdmins } from '../acts/tell-admins.ts'
import { BotAlerts } from '../fleet/bot-alerts.ts'
import { Bot } from '../models/bot.ts'
import { Notification } from '../models/notification.ts'
import { Right } from '../models/right.ts'
import { log, startWorld, type World } from './delivery-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

test('admins are told by the Metabot that runs, not by one before it', async () => {
  const [former, metabot, bot] = [await world.newBot('metabot'), await world.newBot('metabot'), await world.newBot()]
  const admin = await metabot.person()
  await Bot.restOthers(world.server._id, 'metabot', metabot.record.botId)
  await Right.give(world.server._id, admin.personId, null, 'owner')
  await tellAdmins(bot.record, 'alert.conflict')
  expect(await Notification.countDocuments({ bot: former.record._id })).toBe(0)
  expect(await Notification.countDocuments({ bot: metabot.record._id })).toBe(1)
})

test('a late refusal of the former token does not kill the new one; one of the present token does', async () => {
  const { record: running } = await world.newBot()
  await Bot.replaceToken(running._id, running, '1:new')
  new BotAlerts(() => running, log).tokenDied()
  const replaced = await Bot.byId(running._id).orFail()
  new BotAlerts(() => replaced, log).tokenDied()
  await expect.poll(async () => (await Bot.byId(running._id))?.tokenDeadSince).toBeInstanceOf(Date)
  const other = await world.newBot()
  await Bot.replaceToken(other.record._id, other.record, '1:new')
  expect(await Bot.tokenDied(other.record)).toBe(false)
  expect((await Bot.byId(other.record._id))?.tokenDeadSince).toBeNull()
})
