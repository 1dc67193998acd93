import { limits } from './limits.ts'

export type AlbumKind = 'photo' | 'document'

/** One of an album's files as a bot describes it: `media` is an address, an id, or `attach://` and a part of the form. */
export interface AlbumItem {
  type: AlbumKind
  media: string
}

/**
 * Reads the `media` of sendMediaGroup as Telegram does: the items, or the description of its error answer (without `Bad
 * Request: `). One item is no album, but Telegram takes it. Photos and documents only, not videos and audio.
 */
export function readAlbum(media: unknown): AlbumItem[] | string {
  if (media === undefined) return 'parameter "media" is required'
  if (!Array.isArray(media)) return 'expected an Array of InputMedia'
  if (media.length === 0) return 'there are no messages to send'
  if (media.length > limits.album) return 'too many messages to send as an album'
  for (const item of media) {
    const error = checkItem(item)
    if (error) return `can't parse InputMedia: ${error}`
  }
  const kinds = new Set(media.map(({ type }) => type))
  return kinds.size > 1 ? "document can't be mixed with other media types" : media
}

function checkItem(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return 'expected an Object'
  const { type, media } = item as Partial<Record<string, unknown>>
  if (type === undefined) return 'Can\'t find field "type"'
  if (type !== 'photo' && type !== 'document') return `type "${type}" is unsupported`
  if (typeof media !== 'string' || media === '') return 'media not found'
  return undefined
}
