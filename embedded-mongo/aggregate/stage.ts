import type { Doc } from '../bson/values.ts'
import type { Stream } from '../stream.ts'

/** What a stage of a pipeline makes of the documents that come to it. */
export type Stage = (documents: Stream<Doc>) => Stream<Doc>
