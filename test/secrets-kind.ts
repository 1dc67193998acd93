import { basics, defineKind, defineScene, defineSkill, keys, notifications } from '../rookery.ts'

const said = 'secretive.said' as never

/** Is told something and waits for more. */
const confide = defineScene('confide@1', async (talk) => {
  await talk.ask(said, { text: 'What is it?' })
  await talk.ask(said, { text: 'And what else?' })
})

/** Is told something and fails with it in hand, refused by the messenger. */
const stumble = defineScene('stumble@1', async (talk) => {
  const told = await talk.ask(said, { text: 'What is it?' })
  await talk.ctx.api.sendMessage(talk.chat, told.repeat(1000))
})

const texts = {
  kind: { name: 'Secretive' },
  command: { confide: 'Confide', stumble: 'Stumble' },
  said: '{{text}}',
}

/** A kind for the test of secrets. */
export const secretive = defineKind({
  id: 'secretive',
  skills: [defineSkill({ id: 'confidences', commands: { confide, stumble } }), ...[keys, notifications, basics]],
  locales: { en: texts, ru: texts, uz: texts },
})
