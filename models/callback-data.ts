import { Callback } from './callback.ts'

/** A menu with its arguments. */
export type MenuCall = { menu: string; args: string[] }

/** A scene with its arguments (plain JSON), ready to be entered. */
export type SceneCall = { scene: string; args?: unknown }

/** What a press means: a menu, a scene, leaving the dialogue `of` a person for a command (or staying), one answer of a scene's question. */
export type Meaning = MenuCall | SceneCall | { leaveFor: string; of: number } | { choice: string; index: number }

const separator = '|'
const keptMark = 'k'

/** A meaning as callback data; what does not fit into `bytes` is kept, and the button carries a short token. */
export async function encode(meaning: Meaning, bytes: number): Promise<string> {
  const data = spell(meaning)
  return Buffer.byteLength(data) <= bytes ? data : [keptMark, await Callback.keep(data)].join(separator)
}

/** The meaning of callback data, or undefined when it is not ours or its token has expired. */
export async function decode(data: string): Promise<Meaning | undefined> {
  const [mark, token] = data.split(separator)
  if (mark !== keptMark) return tolerantly(data)
  const kept = token && (await Callback.data(token))
  return kept ? tolerantly(kept) : undefined
}

/** The data of a scene's answer, always short. */
export function choiceData(choice: string, index: number): string {
  return spell({ choice, index })
}

function spell(meaning: Meaning): string {
  if ('menu' in meaning) return ['m', meaning.menu, ...meaning.args.map(encodeURIComponent)].join(separator)
  if ('scene' in meaning) return ['s', meaning.scene, JSON.stringify(meaning.args ?? null)].join(separator)
  if ('leaveFor' in meaning) return ['l', meaning.of, meaning.leaveFor].join(separator)
  return ['c', meaning.choice, meaning.index].join(separator)
}

/** The arguments of a button's scene are plain values by name, or none; a client can send any, so acts check what they name. */
function sceneCall(scene: string, args: unknown): SceneCall | undefined {
  if (args === null) return { scene }
  const flat =
    typeof args === 'object' && !Array.isArray(args) && Object.values(args).every((value) => typeof value !== 'object')
  return flat ? { scene, args } : undefined
}

/** Data that no button of ours carries (a client can send any) means nothing. */
function tolerantly(data: string): Meaning | undefined {
  try {
    return parse(data)
  } catch {
    return undefined
  }
}

function parse(data: string): Meaning | undefined {
  const [mark, name, ...rest] = data.split(separator)
  if (name === undefined) return undefined
  if (mark === 'm') return { menu: name, args: rest.map(decodeURIComponent) }
  if (mark === 's') return sceneCall(name, JSON.parse(rest.join(separator)))
  if (mark === 'l') return { leaveFor: rest.join(separator), of: Number(name) }
  if (mark === 'c') return { choice: name, index: Number(rest[0]) }
  return undefined
}
