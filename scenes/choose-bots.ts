import type { TextKey } from '../config/i18n.ts'
import type { Option, Talk } from '../dialogue/talk.ts'
import { chooseSome } from './choose-some.ts'

/** Some bots, one after the other, or all of them (`null`), those to come too. `ask` is the first question. */
export function chooseBots(talk: Talk, ask: TextKey, offered: Option<string>[]): Promise<string[] | null> {
  return chooseSome(talk, { first: ask, next: 'choose-bots.askMore', all: 'choose-bots.all' }, offered)
}
