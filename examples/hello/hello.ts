import { basics, defineKind, defineScene, defineSkill, keys, notifications, UserError } from '../../rookery.ts'
import en from './locales/en.json' with { type: 'json' }
import ru from './locales/ru.json' with { type: 'json' }
import uz from './locales/uz.json' with { type: 'json' }

declare global {
  interface RookeryTexts {
    hello: typeof en
  }
}

/** Three questions, then a summary: a dialogue reads from top to bottom. */
const signUp = defineScene('sign-up@1', async (talk) => {
  const name = await talk.ask('hello.askName')
  const phone = await talk.ask('hello.askPhone', { name }, ({ text }) => phoneOf(text))
  const city = await talk.ask('hello.askCity')
  await talk.say('hello.summary', { name, phone, city })
})

const form = defineSkill({
  id: 'form',
  about: 'hello.about',
  commands: { form: signUp },
  phrases: { 'hello.phrases': signUp },
  buttons: { 'hello.button': signUp.with() },
})

/** A bot that asks three questions, and tells people what other systems have to say. */
export const hello = defineKind({
  id: 'hello',
  skills: [form, keys, notifications, basics],
  locales: { en, ru, uz },
})

/** A phone number as people write it, or a sentence for whoever wrote something else: then it is asked again. */
function phoneOf(text: string): string {
  if (!/^\+?[\d\s()-]{7,20}$/.test(text)) throw new UserError('hello.noPhone')
  return text
}
