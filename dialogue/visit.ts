import type { ConversationFlavor } from '@grammyjs/conversations'
import type { Context } from 'grammy'
import type { SceneCall } from '../models/callback-data.ts'
import type { PersonRecord } from '../models/person.ts'
import type { Session } from './session.ts'

/** One update on its way through a bot. */
export type Visit = {
  /** The update's own id, by which repeats of it are known. */
  eventId: string
  person: PersonRecord
  session: Session
  /** A scene that is to begin with this update, set on the way to where scenes can be entered. */
  entering?: SceneCall
}

/** grammY's context outside of conversations. */
export type VisitContext = ConversationFlavor<Context> & { visit: Visit }
