import type { TextKey } from '../config/i18n.ts'
import type { Option, Talk } from '../dialogue/talk.ts'

/** Bots offered in one question; a message carries 100 buttons. */
const atOnce = 20

/** One bot after the other, until it is enough; `null` is all of them, those to come too. `ask` is the first question. */
export async function chooseBots(talk: Talk, ask: TextKey, offered: Option<string>[]): Promise<string[] | null> {
  const chosen: string[] = []
  for (let left = offered; left.length > 0; ) {
    const end = chosen.length > 0 ? 'done' : 'all'
    const turn = left.length > atOnce ? [{ value: 'more', label: talk.t('choose-bots.more') }] : []
    const options = [...left.slice(0, atOnce), ...turn, { value: end, label: talk.t(`choose-bots.${end}`) }]
    const pick = await talk.choose(chosen.length > 0 ? 'choose-bots.askMore' : ask, options)
    if (pick === 'all') return null
    if (pick === 'done') return chosen
    if (pick === 'more') left = [...left.slice(atOnce), ...left.slice(0, atOnce)]
    else {
      chosen.push(pick)
      left = left.filter(({ value }) => value !== pick)
    }
  }
  return chosen.length > 0 ? chosen : null
}
