import { createHash, randomBytes } from 'node:crypto'
import type { Document, Message, PhotoSize } from 'grammy/types'
import { type ImageSize, readImageSize } from './image-size.ts'
import type { Store } from './store.ts'

export type FileKind = 'photo' | 'document'

/** A file as it came in, from a form or from an address. */
export interface Upload {
  name: string
  mime: string
  bytes: Buffer
}

export interface StoredFile {
  id: string
  uniqueId: string
  bot: number
  kind: FileKind
  /** Where a bot downloads it. */
  path: string
  name: string
  mime: string
  size: number
  image?: ImageSize
}

/** Photos and documents; a file belongs to the bot in whose chat it was sent, or to the group: `bot` is then the group's id. */
export class Files {
  readonly #store: Store
  readonly #insert
  readonly #byId
  readonly #byPath
  readonly #bytes
  #count: number

  constructor(store: Store) {
    this.#store = store
    this.#insert = store.prepare('INSERT INTO files VALUES (?, ?, ?, ?, ?)')
    this.#byId = store.prepare('SELECT body FROM files WHERE id = ?')
    this.#byPath = store.prepare('SELECT body FROM files WHERE path = ?')
    this.#bytes = store.prepare('SELECT bytes FROM files WHERE id = ?')
    this.#count = Number(store.prepare('SELECT count(*) AS n FROM files').get()?.n)
  }

  /** Undefined if it should be a photo and is no picture. */
  add(bot: number, kind: FileKind, { name, mime, bytes }: Upload): StoredFile | undefined {
    const image = kind === 'photo' ? readImageSize(bytes) : undefined
    if (kind === 'photo' && !image) return undefined
    const number = this.#count++
    const ending = image
      ? `.${image.mime.slice(6).replace('jpeg', 'jpg')}`
      : (/\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '')
    const file: StoredFile = {
      id: `${kind === 'photo' ? 'AgACAgIAAx' : 'BQACAgIAAx'}${randomBytes(24).toString('base64url')}`,
      uniqueId: `AgAD${createHash('sha256').update(bytes).digest('base64url').slice(0, 12)}`,
      bot,
      kind,
      path: `${kind}s/file_${number}${ending}`,
      name,
      mime: image?.mime ?? mime,
      size: bytes.length,
      ...(image && { image }),
    }
    this.#store.write(this.#insert, file.id, bot, file.path, JSON.stringify(file), bytes)
    return file
  }

  get(id: string): StoredFile | undefined {
    const row = this.#byId.get(id)
    return row && JSON.parse(String(row.body))
  }

  atPath(path: string): StoredFile | undefined {
    const row = this.#byPath.get(path)
    return row && JSON.parse(String(row.body))
  }

  bytes(file: StoredFile): Uint8Array {
    return this.#bytes.get(file.id)?.bytes as Uint8Array
  }
}

/** The part of a message that carries the file. */
export function asAttachment(file: StoredFile): Pick<Message, 'photo'> | Pick<Message, 'document'> {
  const base = { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size }
  if (file.image) {
    const photo: PhotoSize = { ...base, width: file.image.width, height: file.image.height }
    return { photo: [photo] }
  }
  const document: Document = { ...base, file_name: file.name, mime_type: file.mime }
  return { document }
}
