import { countryOf, type LinkingWay } from '../acts/linking-ways.ts'
import { answerCode, type CodeAsked, requestCode, sendCode } from '../acts/phone-codes.ts'
import { asTyped } from '../config/as-typed.ts'
import type { TextKey, TextParams } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import type { Contact, Talk, TextAnswer } from '../dialogue/talk.ts'
import { typedPhone } from '../directory/phone.ts'
import { fromNow } from './from-now.ts'

/**
 * Asks for the person's own number until it is proven, by the messenger or by a code. Undefined where neither way is
 * on.
 */
export async function provePhone(talk: Talk, ways: ReadonlySet<LinkingWay>, key: TextKey): Promise<string | undefined> {
  if (!ways.has('contact') && !ways.has('sms')) return undefined
  for (;;) {
    const answer = ways.has('contact')
      ? await talk.askOrContact(key, {}, (typed) => phoneIn(talk, typed, ways))
      : { typed: await talk.ask(key, {}, (typed) => phoneIn(talk, typed, ways)) }
    if ('phone' in answer) return answer.phone
    const words = `phone:${answer.typed}`
    const asking = { words, key: 'code.onItsWay', params: { phone: `+${answer.typed}` } } as const
    if ((await askCode(talk, answer.typed, asking)) === 'proven') return answer.typed
  }
}

function phoneIn(talk: Talk, { text }: TextAnswer, ways: ReadonlySet<LinkingWay>): string {
  if (!ways.has('sms')) throw new UserError('contact.buttonPlease')
  const phone = typedPhone(text, countryOf(talk.bot.record))
  if (!phone) throw new UserError('contact.noPhone')
  return phone
}

export type Asking = {
  /** What the code is asked for, as the person said it. */
  words: string
  /** What is said first; the SMS leaves after it. */
  key: TextKey
  params: TextParams
  /** Whether a contact that is shared instead proves the same. */
  accepts?: (phone: string) => boolean
}

/**
 * Sends a code to a number and asks for it, as often as the person wishes, until it is right, or another way is
 * wanted. Where the number is
 * null nobody is known: then nothing is sent, and all that is said is the same.
 */
export async function askCode(
  talk: Talk,
  number: string | null,
  { words, key, params, accepts }: Asking,
): Promise<'proven' | 'other'> {
  let question: Question = { key, params }
  let living: string | undefined
  let sends = true
  for (;;) {
    if (sends) {
      const asked = await request(talk, words, number)
      sends = asked.outcome === 'issued'
      if (asked.outcome === 'issued') living = asked.requestId
      else {
        living = asked.living ?? undefined
        question = await waiting(talk, asked)
      }
    }
    // A code that was sent before, perhaps in an earlier scene, still serves while another may not be had.
    const answer: 'proven' | 'other' | 'again' | Contact = living
      ? await hearCode(talk, { requestId: living, words, number, question, sends })
      : await talk.choose(question.key, options(talk), question.params)
    if (answer === 'proven' || answer === 'other') return answer
    if (typeof answer === 'object' && accepts?.(answer.phone)) return 'proven'
    sends = answer === 'again'
    question = { key: sends ? 'code.askAgain' : 'code.notThatNumber', params: {} }
  }
}

type Question = { key: TextKey; params: TextParams }
type Asked = { requestId: string; words: string; number: string | null; question: Question; sends: boolean }

async function hearCode(
  talk: Talk,
  { requestId, words, number, question, sends }: Asked,
): Promise<'proven' | 'other' | 'again' | Contact> {
  const { record: bot, log } = talk.bot
  const wish = { bot, personId: talk.person.id, requestId }
  const check = async ({ text, messageId }: TextAnswer) => {
    const digits = asTyped(text).replace(/[\s-]/g, '')
    if (!/^\d{6}$/.test(digits)) throw new UserError('code.sixDigits')
    const answered = await answerCode(wish, digits, String(messageId))
    if (answered.outcome === 'wrong') throw new UserError('code.wrong', { count: answered.triesLeft })
    return answered.outcome
  }
  const send = async () => {
    if (sends) await talk.effect('send code', () => sendCode({ ...wish, words, number }, talk.person.locale, log))
  }
  const answer = await talk.chooseTypeOrContact(question.key, options(talk), question.params, check, send)
  if ('chosen' in answer) return answer.chosen
  if ('phone' in answer) return answer
  if (answer.typed === 'right') return 'proven'
  return talk.choose(answer.typed === 'over' ? 'code.over' : 'code.noTriesLeft', options(talk))
}

function request(talk: Talk, words: string, number: string | null) {
  return talk.effect('ask for a code', async (requestId) => {
    const wish = { bot: talk.bot.record, personId: talk.person.id, requestId, words, number }
    return { requestId, ...(await requestCode(wish)) }
  })
}

async function waiting(
  talk: Talk,
  { by, until, living }: Extract<CodeAsked, { outcome: 'refused' }>,
): Promise<Question> {
  const when = fromNow(talk.person.locale, new Date(until), (await talk.now()).getTime())
  const [serves, none] =
    by === 'pause' ? (['code.wait', 'code.waitUnsent'] as const) : (['code.noMore', 'code.noMoreUnsent'] as const)
  return { key: living ? serves : none, params: { when } }
}

function options(talk: Talk) {
  return [
    { value: 'again', label: talk.t('code.again') },
    { value: 'other', label: talk.t('code.other') },
  ] as const
}
