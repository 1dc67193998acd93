import type { ConversationFlavor } from '@grammyjs/conversations'
import type { Context } from 'grammy'
import type { SceneCall } from '../models/callback-data.ts'
import type { PersonRecord } from '../models/person.ts'
import type { Session } from './session.ts'

/** Who wrote or pressed. Somebody whom the bot knows from groups only has no record. */
export type Speaker = Pick<PersonRecord, 'personId' | 'name' | 'username' | 'locale'> &
  Partial<Pick<PersonRecord, 'untold'>>

/** One update on its way through a bot. */
export type Visit = {
  /** The update's own id, by which repeats of it are known. */
  eventId: string
  person: Speaker
  /** Where it happens: the private chat with the person, or a group, where others read along. */
  chat: number
  group: boolean
  session: Session
  /** A scene that is to begin with this update, set on the way to where scenes can be entered. */
  entering?: SceneCall
}

/** grammY's context outside of conversations. */
export type VisitContext = ConversationFlavor<Context> & {
  visit: Visit
  /**
   * Makes a scene known to grammY, which gives it the update if it is running, and else goes on. Set by
   * `offerScenes`.
   */
  offer(scene: string, then: () => Promise<void>): Promise<void>
}
