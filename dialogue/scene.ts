import type { SceneCall } from '../models/callback-data.ts'
import type { Talk } from './talk.ts'

/** How far a command reached its scene: the text after it. */
export type CommandArgs = { payload: string }

/**
 * A dialogue. `id` is `name@version`: running dialogues are replayed, so a scene whose steps changed gets the next version, and the
 * old one stays registered until nobody is in it any more.
 */
export type Scene<Args = void> = {
  readonly id: string
  readonly run: (talk: Talk, args: Args) => Promise<void>
  /** This scene with arguments (plain JSON), for a delivery's `then` or a button. */
  with(args: Args): SceneCall
}

/** Scenes of any arguments, as lists of them hold them. */
// biome-ignore lint/suspicious/noExplicitAny: a list of scenes has no one type of arguments
export type AnyScene = Scene<any>

/** Defines a dialogue as one function, read from top to bottom. Every clock, random number and outside call goes through `talk`. */
export function defineScene<Args = void>(id: string, run: (talk: Talk, args: Args) => Promise<void>): Scene<Args> {
  if (!/^[a-z][a-z0-9-]*@\d+$/.test(id)) {
    throw new Error(`Scene id "${id}" must be a name and a version, such as "rate-order@1"`)
  }
  return { id, run, with: (args) => ({ scene: id, args }) }
}
