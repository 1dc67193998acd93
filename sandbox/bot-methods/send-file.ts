import { limits } from '../../bot-api/limits.ts'
import { badRequest } from '../failures.ts'
import { asAttachment, type FileKind, type StoredFile, type Upload } from '../files.ts'
import type { World } from '../world.ts'
import { fetchFile } from './fetch-file.ts'
import { readFormatted } from './formatted-parameter.ts'
import { mayUse } from './may-use.ts'
import type { BotMethod, Call } from './method.ts'
import { putMessage } from './put-message.ts'
import { chatToWrite } from './target-chat.ts'

export const sendPhoto: BotMethod = (world, call) => sendFile(world, call, 'photo')
export const sendDocument: BotMethod = (world, call) => sendFile(world, call, 'document')

async function sendFile(world: World, call: Call, kind: FileKind): Promise<unknown> {
  const { bot, parameters } = call
  const { text: caption, entities } = readFormatted(parameters, 'caption')
  if (caption.length > limits.caption) throw badRequest('message caption is too long')
  chatToWrite(world, bot, parameters)
  const source = await findSource(world, call, kind)
  // The chat may have been stopped while a file was fetched.
  const chat = chatToWrite(world, bot, parameters)
  const file = 'bytes' in source ? store(world, call, kind, source) : source
  return putMessage(world, call, chat, {
    ...asAttachment(file),
    ...(caption && { caption }),
    ...(entities.length > 0 && { caption_entities: entities }),
  })
}

/** A file comes as part of the form (by its name or `attach://name`), as an address, or as the id of an earlier one. */
async function findSource(world: World, call: Call, kind: FileKind): Promise<Upload | StoredFile> {
  const { bot, parameters, gone } = call
  const value = parameters.text(kind)
  const upload = parameters.upload(value.startsWith('attach://') ? value.slice(9) : kind)
  if (upload) return upload
  if (!value || value.startsWith('attach://')) throw badRequest(`there is no ${kind} in the request`)
  if (/^https?:\/\//i.test(value)) return fetchFile(value, kind, gone())
  const file = world.files.get(value)
  if (!file || !mayUse(world, bot, file)) throw badRequest('wrong file identifier/HTTP URL specified')
  if (file.kind !== kind) throw badRequest(`can't use file of type ${titled(file.kind)} as ${titled(kind)}`)
  return file
}

function store({ files }: World, { bot }: Call, kind: FileKind, upload: Upload): StoredFile {
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty')
  if (kind === 'photo' && upload.bytes.length > limits.photoBytes) throw badRequest('file is too big')
  const file = files.add(bot.id, kind, upload)
  if (!file) throw badRequest('IMAGE_PROCESS_FAILED')
  return file
}

function titled(kind: FileKind): string {
  return kind === 'photo' ? 'Photo' : 'Document'
}
