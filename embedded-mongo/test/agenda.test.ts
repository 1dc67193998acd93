import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda } from 'agenda'
import { beforeAll, expect, it } from 'vitest'
import { recordCommands } from './recorded-commands.ts'
import { useServer } from './server-under-test.ts'

const server = useServer()
const processEvery = 50
let recorded: ReturnType<typeof recordCommands>
beforeAll(() => {
  recorded = recordCommands(server.client())
})

/** An Agenda on the server under test, with a job that notes what it ran. It is stopped when its test ends. */
async function agenda(collection: string, ran: number[]) {
  const backend = new MongoBackend({ mongo: server.db(), collection })
  const one = new Agenda({ backend, processEvery, defaultLockLimit: 50, defaultConcurrency: 20 })
  await one.ready
  one.define<{ id: number }>('alarm', async (job) => {
    await job.touch(50)
    ran.push(job.attrs.data.id)
  })
  return Object.assign(one, {
    async [Symbol.asyncDispose]() {
      await one.drain()
      await one.stop()
    },
  })
}

it('never runs a job twice between two Agendas, and neither before its time', async () => {
  const [here, there]: [number[], number[]] = [[], []]
  await using first = await agenda('shared', here)
  await using second = await agenda('shared', there)
  const soon = new Date(Date.now() + 300)
  const ids = Array.from({ length: 30 }, (_, id) => id)
  for (const id of ids) await first.schedule(id % 2 ? soon : new Date(), 'alarm', { id })
  await Promise.all([first.start(), second.start()])
  await expect.poll(() => here.length + there.length, { timeout: 10_000 }).toBe(ids.length)
  expect([...here, ...there].sort((a, b) => a - b)).toEqual(ids)
  const { jobs } = await first.queryJobs({ name: 'alarm' })
  for (const { data, lastRunAt } of jobs)
    if ((data as { id: number }).id % 2) expect(Number(lastRunAt)).toBeGreaterThanOrEqual(soon.getTime())
})

it('keeps one of a job that is wanted once, and runs none that was cancelled', async () => {
  const ran: number[] = []
  await using alarms = await agenda('cancelled', ran)
  const later = new Date(Date.now() + 200)
  const once = () => alarms.create('alarm', { id: 1 }).unique({ 'data.id': 1 }, { insertOnly: true }).schedule(later)
  await once().save()
  await once().save()
  await alarms.schedule(later, 'alarm', { id: 2 })
  expect(await alarms.cancel({ name: 'alarm', data: { id: 2 } })).toBe(1)
  await alarms.start()
  await expect.poll(() => ran, { timeout: 10_000 }).toEqual([1])
  await alarms.now('alarm', { id: 3 })
  await expect.poll(() => ran, { timeout: 10_000 }).toEqual([1, 3])
  expect(await alarms.getJobsOverview()).toMatchObject([{ name: 'alarm', total: 2 }])
})

it('has sent nothing that is not stated as supported', () => {
  expect([...recorded.sent]).toEqual(expect.arrayContaining(['insert', 'findAndModify', 'update', 'aggregate']))
  expect([...recorded.unstated]).toEqual([])
})
