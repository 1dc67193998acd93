import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { form } from './form.ts'

// A Bot API server that holds nothing but a queue for each bot: it must cost less than what is measured. Its people fill a form again
// and again, each answering the moment they are asked, and it checks that each summary holds its own person's answers.
//   POST /begin { bot, people }   they all write /form        POST /end { bot }   they answer no more        GET /count?bot=   what was said

type Update = { update_id: number; message: object }
type Bot = {
  queue: Update[]
  nextUpdate: number
  /** The round that each person is in, and how many of its questions they have answered. */
  people: Map<number, { round: number; answered: number }>
  running: boolean
  replies: number
  /** Replies that came once more: after a crash that is no mistake. */
  repeated: number
  wrong: string[]
  waiting: (() => void) | undefined
  webhook: { url: string; secret: string } | undefined
}

const bots = new Map<string, Bot>()
const atOnce = 100
let nextMessage = 1

function botOf(id: string): Bot {
  const known = bots.get(id)
  if (known) return known
  const bot: Bot = {
    ...{ queue: [], nextUpdate: 1, people: new Map(), running: false, replies: 0, repeated: 0, wrong: [] },
    ...{ waiting: undefined, webhook: undefined },
  }
  bots.set(id, bot)
  return bot
}

function says(bot: Bot, person: number, text: string): void {
  const first_name = `Person ${person}`
  const from = { id: person, is_bot: false, first_name, language_code: 'en' }
  const command = text.startsWith('/') && { entities: [{ type: 'bot_command', offset: 0, length: text.length }] }
  const update: Update = {
    update_id: bot.nextUpdate++,
    message: {
      ...{ message_id: nextMessage++, date: Math.floor(Date.now() / 1000), text, from, ...command },
      chat: { id: person, type: 'private', first_name },
    },
  }
  if (bot.webhook) push(bot, bot.webhook, update)
  else {
    bot.queue.push(update)
    bot.waiting?.()
  }
}

/** What the person does about a message of the bot's: they answer each question once. */
function hears(bot: Bot, id: number, text: string): void {
  bot.replies++
  const person = bot.people.get(id)
  if (!bot.running || !person) return
  const { round, answered } = person
  const question = form.questions.indexOf(text)
  if (question === answered) {
    person.answered++
    says(bot, id, form.answer(question, id, round))
  } else if (text === form.summary(id, round) && answered === form.questions.length) {
    bot.people.set(id, { round: round + 1, answered: 0 })
    says(bot, id, '/form')
  } else if ((question >= 0 && question < answered) || text === form.summary(id, round - 1)) bot.repeated++
  else bot.wrong.push(`person ${id}, round ${round}, after ${answered} answers: ${text}`)
}

/** Posts an update, again until it is taken or the bot's turn is over. */
function push(bot: Bot, webhook: NonNullable<Bot['webhook']>, update: Update): void {
  const { url, secret } = webhook
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify(update),
  })
    .then(async (answer) => {
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${answer.status}`)
    })
    .catch(() => bot.running && setTimeout(push, 50, bot, webhook, update))
}

const methods: Record<string, (bot: Bot, payload: Record<string, unknown>, id: string) => unknown> = {
  getMe: (_bot, _payload, id) => ({ id: Number(id), is_bot: true, first_name: 'Form', username: `form_${id}_bot` }),
  getMyDescription: () => ({ description: 'Fills forms' }),
  getWebhookInfo: ({ webhook }) => ({
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: 0,
  }),
  setWebhook(bot, { url, secret_token }) {
    bot.webhook = { url: String(url), secret: String(secret_token ?? '') }
    return true
  },
  deleteWebhook(bot) {
    bot.webhook = undefined
    return true
  },
  sendMessage(bot, { chat_id, text }) {
    const chat = Number(chat_id)
    hears(bot, chat, String(text))
    return { message_id: nextMessage++, date: Math.floor(Date.now() / 1000), chat: { id: chat, type: 'private' }, text }
  },
}

async function getUpdates(bot: Bot, { offset = 0, timeout = 0 }: { offset?: number; timeout?: number }) {
  bot.queue = bot.queue.filter(({ update_id }) => update_id >= Number(offset))
  if (bot.queue.length === 0 && timeout > 0) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Number(timeout) * 1000)
      bot.waiting = () => {
        clearTimeout(timer)
        // What else this turn brings comes along.
        setImmediate(resolve)
      }
    })
    bot.waiting = undefined
  }
  return bot.queue.slice(0, atOnce)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const chunk of request) text += chunk
  const payload = payloadOf(request, text)
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const [, id = '', method = ''] = /^\/bot(\d+):[^/]+\/(\w+)$/.exec(pathname) ?? []
  response.setHeader('content-type', 'application/json')
  if (!id) {
    response.end(JSON.stringify(instrument(pathname, payload, searchParams)))
    return
  }
  const bot = botOf(id)
  const result =
    method === 'getUpdates' ? await getUpdates(bot, payload) : (methods[method]?.(bot, payload, id) ?? true)
  response.end(JSON.stringify({ ok: true, result }))
}

function payloadOf({ headers }: IncomingMessage, text: string): Record<string, unknown> {
  if (text === '') return {}
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text)
}

function instrument(path: string, payload: Record<string, unknown>, query: URLSearchParams): object {
  const bot = botOf(String(payload.bot ?? query.get('bot')))
  if (path === '/begin') {
    bot.running = true
    for (let person = 1; person <= Number(payload.people); person++) {
      bot.people.set(person, { round: 1, answered: 0 })
      says(bot, person, '/form')
    }
  }
  if (path === '/end') bot.running = false
  const { replies, repeated, wrong } = bot
  return { replies, repeated, wrong, slowest: Math.min(...[...bot.people.values()].map(({ round }) => round)) }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Messenger: http://127.0.0.1:${(server.address() as { port: number }).port}\n`)
})
