import { limits } from '../../bot-api/limits.ts'
import type { Bot } from '../bots.ts'
import { badRequest } from '../failures.ts'
import type { FileKind, StoredFile, Upload } from '../files.ts'
import type { World } from '../world.ts'
import { fetchFile } from './fetch-file.ts'
import { mayUse } from './may-use.ts'
import type { Call } from './method.ts'

/** A file comes as part of the form (`part`, or `attach://name`), as an address, or as the id of an earlier one. */
export async function findSource(
  world: World,
  { bot, parameters, gone }: Call,
  { kind, value, part = '' }: { kind: FileKind; value: string; part?: string },
): Promise<Upload | StoredFile> {
  const upload = parameters.upload(value.startsWith('attach://') ? value.slice(9) : part)
  if (upload) return upload
  if (!value || value.startsWith('attach://')) throw badRequest(`there is no ${kind} in the request`)
  if (/^https?:\/\//i.test(value)) return fetchFile(value, kind, gone())
  const file = world.files.get(value)
  if (!file || !mayUse(world, bot, file)) throw badRequest('wrong file identifier/HTTP URL specified')
  if (file.kind !== kind) throw badRequest(`can't use file of type ${titled(file.kind)} as ${titled(kind)}`)
  return file
}

/** The file itself, stored if it has just come. */
export function storedFile({ files }: World, bot: Bot, kind: FileKind, source: Upload | StoredFile): StoredFile {
  if (!('bytes' in source)) return source
  if (source.bytes.length === 0) throw badRequest('file must be non-empty')
  if (kind === 'photo' && source.bytes.length > limits.photoBytes) throw badRequest('file is too big')
  const file = files.add(bot.id, kind, source)
  if (!file) throw badRequest('IMAGE_PROCESS_FAILED')
  return file
}

function titled(kind: FileKind): string {
  return kind === 'photo' ? 'Photo' : 'Document'
}
