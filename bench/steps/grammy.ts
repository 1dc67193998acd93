import { createServer } from 'node:http'
import { type Conversation, type ConversationFlavor, conversations, createConversation } from '@grammyjs/conversations'
import { run, sequentialize } from '@grammyjs/runner'
import { Bot, type Context, webhookCallback } from 'grammy'
import { form } from './form.ts'

// grammY's own Bot with the runner and the conversations plugin, in memory: node bench/steps/grammy.ts <api root> <token> polling|webhook
const [apiRoot = '', token = '', intake] = process.argv.slice(2)
type Ctx = ConversationFlavor<Context>

async function fill(conversation: Conversation<Ctx, Context>, ctx: Context): Promise<void> {
  const answers: string[] = []
  for (const question of form.questions) {
    await ctx.reply(question)
    answers.push((await conversation.waitFor('message:text')).message.text)
  }
  const [name = '', phone = '', city = ''] = answers
  await ctx.reply(form.say(name, phone, city))
}

const bot = new Bot<Ctx>(token, { client: { apiRoot } })
bot.use(sequentialize((ctx) => String(ctx.chat?.id)))
bot.use(conversations())
bot.use(createConversation(fill))
bot.command('form', (ctx) => ctx.conversation.enter('fill'))
await bot.init()
if (intake === 'webhook') {
  const handle = webhookCallback(bot, 'http')
  const server = createServer((request, response) => handle(request, response))
  server.listen(0, '127.0.0.1', async () => {
    await bot.api.setWebhook(`http://127.0.0.1:${(server.address() as { port: number }).port}/`)
    process.stdout.write('Ready\n')
  })
} else {
  run(bot)
  process.stdout.write('Ready\n')
}
