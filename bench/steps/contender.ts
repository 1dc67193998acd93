import { setTimeout as pause } from 'node:timers/promises'
import { type LaunchedProcess, launch } from '../../test/rookery-process.ts'

const contenders = {
  Rookery: 'bench/steps/rookery.ts',
  grammY: 'bench/steps/grammy.ts',
  Telegraf: 'bench/steps/telegraf.ts',
}
export type Name = keyof typeof contenders
export type Intake = 'polling' | 'webhook'

/** What the messenger has counted of a bot: replies, those that came once more, wrong ones, and the round of its slowest person. */
export type Count = { replies: number; repeated: number; wrong: string[]; slowest: number }

/** The messenger of a bench, a process of its own. */
export type Messenger = {
  root: string
  count(bot: number): Promise<Count>
  begin(bot: number, people: number): Promise<void>
  end(bot: number): Promise<void>
  close(): Promise<unknown>
}

export async function openMessenger(dir: string): Promise<Messenger> {
  const messenger = launch({ dir, file: 'bench/steps/messenger.ts' })
  const [, root = ''] = await messenger.says(/Messenger: (\S+)/)
  const ask = async (what: string, body: object) => {
    await fetch(`${root}/${what}`, { method: 'POST', body: JSON.stringify(body) })
  }
  return {
    root,
    count: async (bot) => (await fetch(`${root}/count?bot=${bot}`)).json() as Promise<Count>,
    begin: (bot, people) => ask('begin', { bot, people }),
    end: (bot) => ask('end', { bot }),
    close: () => messenger.stop('SIGTERM'),
  }
}

/** A bot that asks the form's questions, ready to be written to. */
export async function startContender(
  { root }: Messenger,
  { dir, name, bot, intake }: { dir: string; name: Name; bot: number; intake: Intake },
): Promise<LaunchedProcess> {
  const env = { PORT: '0', NODE_ENV: 'production', ...profiling(name) }
  const contender = launch({ dir, env, args: [root, `${bot}:${'A'.repeat(35)}`, intake], file: contenders[name] })
  await contender.says(/Ready/)
  return contender
}

/** Waits until the bot has said so much. */
export async function untilReplies(
  messenger: Messenger,
  bot: number,
  replies: number,
  patienceMs: number,
): Promise<void> {
  const end = performance.now() + patienceMs
  while ((await messenger.count(bot)).replies < replies) {
    if (performance.now() > end) throw new Error(`The bot did not come to ${replies} replies in ${patienceMs} ms`)
    await pause(100)
  }
}

/** BENCH_PROFILE names a folder for CPU profiles. */
function profiling(name: Name): Record<string, string> {
  const folder = process.env.BENCH_PROFILE
  return folder ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}/${name}` } : {}
}
