import { startApp } from '../../app.ts'
import { createLogger } from '../../config/logger.ts'
import { loadSettings } from '../../config/settings.ts'
import { Bot } from '../../models/bot.ts'
import { basics, defineKind, defineScene } from '../../rookery.ts'
import { form } from './form.ts'

// Rookery on the embedded store, as it runs for people: node bench/steps/rookery.ts <api root> <token> polling|webhook
const [apiRoot = '', token = '', intake] = process.argv.slice(2)

const fill = defineScene('fill@1', async (talk) => {
  const name = await talk.ask('form.q1' as never)
  const phone = await talk.ask('form.q2' as never)
  const city = await talk.ask('form.q3' as never)
  await talk.say('form.done' as never, { name, phone, city })
})
const [q1 = '', q2 = '', q3 = ''] = form.questions
const texts = { q1, q2, q3, done: form.say('{{name}}', '{{phone}}', '{{city}}'), command: { form: 'Fill a form' } }
const kind = defineKind({
  id: 'form',
  skills: [basics, { id: 'form', commands: { form: fill } }],
  locales: { en: texts, ru: texts, uz: texts },
})

const settings = loadSettings()
const server = { _id: 'bench', channel: 'telegram', apiRoot, limits: null }
const app = await startApp(
  { ...settings, sandbox: false },
  {
    log: createLogger(settings.logLevel),
    kinds: [kind],
    servers: [{ record: server, metabotToken: '1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  },
)
const botId = token.split(':')[0] ?? ''
if (!(await Bot.named(server._id, botId))) {
  const identity = { botId, username: `form_${botId}_bot`, name: 'Form', description: '' }
  const { _id } = await Bot.add({ server: server._id, kind: kind.id, locale: 'en', ...identity }, token)
  if (intake === 'webhook') await Bot.change(_id, { intake: { by: 'webhook' } })
}
process.stdout.write('Ready\n')
process.once('SIGTERM', () => app.close())
