import type { File } from 'grammy/types'
import { limits } from '../../bot-api/limits.ts'
import { badRequest } from '../failures.ts'
import { mayUse } from './may-use.ts'
import type { BotMethod } from './method.ts'

export const getFile: BotMethod = (world, { bot, parameters }): File => {
  if (!parameters.has('file_id')) throw badRequest('file_id not specified')
  const file = world.files.get(parameters.text('file_id'))
  if (!file || !mayUse(world, bot, file)) throw badRequest('invalid file_id')
  if (file.size > limits.downloadBytes) throw badRequest('file is too big')
  return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, file_path: file.path }
}
