import { basics, defineKind, defineScene, defineSkill, notifications } from '../../rookery.ts'

const said = 'tally.said' as never

/** Counts what it is told, for ever. What was applied twice, or not at all, shows in the count. */
const tally = defineScene('tally@1', async (talk) => {
  let text = await talk.ask(said, { text: 'Go on' })
  for (let count = 1; ; count++) text = await talk.ask(said, { text: `${count}. ${text}` })
})

const texts = { kind: { name: 'Tally' }, command: { tally: 'Tally' }, said: '{{text}}' }

/** A kind for the tests of several processes. */
export const tallying = defineKind({
  id: 'tally',
  skills: [defineSkill({ id: 'tallying', commands: { tally } }), notifications, basics],
  locales: { en: texts, ru: texts, uz: texts },
})
