import type { TextKey } from '../config/i18n.ts'
import type { Option, Talk } from '../dialogue/talk.ts'

/** What is offered in one question; a message carries 100 buttons. */
const atOnce = 20

/** One after the other, until it is enough; `null` is all of them, those to come too. */
export async function chooseSome(
  talk: Talk,
  ask: { first: TextKey; next: TextKey; all: TextKey },
  offered: Option<string>[],
): Promise<string[] | null> {
  const chosen: string[] = []
  for (let left = offered; left.length > 0; ) {
    const end =
      chosen.length > 0
        ? { value: 'done', label: talk.t('choose-bots.done') }
        : { value: 'all', label: talk.t(ask.all) }
    const turn = left.length > atOnce ? [{ value: 'more', label: talk.t('choose-bots.more') }] : []
    const options = [...left.slice(0, atOnce), ...turn, end]
    const pick = await talk.choose(chosen.length > 0 ? ask.next : ask.first, options)
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
