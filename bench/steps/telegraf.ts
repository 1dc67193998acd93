import { createServer } from 'node:http'
import { Scenes, session, Telegraf } from 'telegraf'
import { form } from './form.ts'

// Telegraf's own launch with its WizardScene, in memory: node bench/steps/telegraf.ts <api root> <token> polling|webhook
const [apiRoot = '', token = '', intake] = process.argv.slice(2)
type Ctx = Scenes.WizardContext & { wizard: { state: { answers?: string[] } } }

const steps = [0, 1, 2, 3].map((step) => async (ctx: Ctx) => {
  if (step === 0) ctx.wizard.state.answers = []
  else if (ctx.message && 'text' in ctx.message) ctx.wizard.state.answers?.push(ctx.message.text)
  const question = form.questions[step]
  if (question) {
    await ctx.reply(question)
    return ctx.wizard.next()
  }
  const [name = '', phone = '', city = ''] = ctx.wizard.state.answers ?? []
  await ctx.reply(form.say(name, phone, city))
  return ctx.scene.leave()
})

const bot = new Telegraf<Ctx>(token, { telegram: { apiRoot, webhookReply: false } })
bot.use(session())
bot.use(new Scenes.Stage<Ctx>([new Scenes.WizardScene<Ctx>('form', ...steps)]).middleware())
bot.command('form', (ctx) => ctx.scene.enter('form'))
if (intake === 'webhook') {
  bot.botInfo = await bot.telegram.getMe()
  const handle = bot.webhookCallback('/')
  const server = createServer((request, response) => handle(request, response))
  server.listen(0, '127.0.0.1', async () => {
    await bot.telegram.setWebhook(`http://127.0.0.1:${(server.address() as { port: number }).port}/`)
    process.stdout.write('Ready\n')
  })
} else bot.launch(() => process.stdout.write('Ready\n'))
