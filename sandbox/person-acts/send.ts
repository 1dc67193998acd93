import type { Contact, Message } from 'grammy/types'
import { findEntities } from '../../bot-api/found-entities.ts'
import { limits } from '../../bot-api/limits.ts'
import { placeOf } from '../any-chat.ts'
import { PeopleApiError } from '../failures.ts'
import { asAttachment, type FileKind, type Upload } from '../files.ts'
import { asReplied } from '../replied-message.ts'
import { stickerOf } from '../sticker.ts'
import type { World } from '../world.ts'
import { messageOf, putMessage, type Side, writableChat } from './side.ts'
import { typedText } from './typed-text.ts'

export function sendText(world: World, side: Side, text: string, replyTo?: number): Message {
  const content = typedText(text)
  if (replyTo === undefined) return putMessage(world, side, content)
  return putMessage(world, side, { ...content, reply_to_message: asReplied(messageOf(world, side, replyTo)) })
}

/** `true` shares the own number, as a press on a contact button does; else somebody else's, without an account. */
export function sendContact(world: World, side: Side, contact: true | Contact): Message {
  const { id, first_name, last_name, phone } = side.person
  const own = { phone_number: phone.replace('+', ''), first_name, ...(last_name && { last_name }), user_id: id }
  return putMessage(world, side, { contact: contact === true ? own : contact })
}

export function sendSticker(world: World, side: Side, emoji: string): Message {
  return putMessage(world, side, { sticker: stickerOf(emoji) })
}

export interface SentFile {
  kind: FileKind
  upload: Upload
  caption: string
  replyTo?: number | undefined
}

export function sendFile(world: World, side: Side, { kind, upload, caption, replyTo }: SentFile): Message {
  if (caption.length > limits.caption)
    throw new PeopleApiError(400, `A caption has at most ${limits.caption} characters`)
  const [owner] = placeOf(writableChat(world, side))
  const file = world.files.add(owner, kind, upload)
  if (!file) throw new PeopleApiError(400, 'This is no PNG, JPEG, GIF or WebP picture; send it as a document')
  const entities = findEntities(caption)
  const replied = replyTo === undefined ? undefined : asReplied(messageOf(world, side, replyTo))
  return putMessage(world, side, {
    ...asAttachment(file),
    ...(replied && { reply_to_message: replied }),
    ...(caption && { caption }),
    ...(entities.length > 0 && { caption_entities: entities }),
  })
}
