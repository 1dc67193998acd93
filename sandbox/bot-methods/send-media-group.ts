import { randomInt } from 'node:crypto'
import type { Message } from 'grammy/types'
import { type AlbumItem, readAlbum } from '../../bot-api/album.ts'
import { BotApiError, badRequest } from '../failures.ts'
import { asAttachment, type StoredFile, type Upload } from '../files.ts'
import { Parameters } from '../parameters.ts'
import type { World } from '../world.ts'
import { readCaption } from './caption.ts'
import { findSource, storedFile } from './file-source.ts'
import type { BotMethod, Call } from './method.ts'
import { putBotMessage, readRepliedTo } from './put-message.ts'
import { chatToWrite } from './target-chat.ts'

/** An album: all of it is sent, or nothing. */
export const sendMediaGroup: BotMethod = async (world, call): Promise<Message[]> => {
  const { bot, parameters } = call
  const items = readAlbum(parameters.json('media', 'media'))
  if (typeof items === 'string') throw badRequest(items)
  const captions = items.map((item) => readCaption(new Parameters({ ...item })))
  chatToWrite(world, bot, parameters)
  const sources: (Upload | StoredFile)[] = []
  for (const [index, item] of items.entries()) sources.push(await sourceOf(world, call, item, index))
  const chat = chatToWrite(world, bot, parameters)
  const files = sources.map((source, index) => storedFile(world, bot, (items[index] as AlbumItem).type, source))
  const replied = readRepliedTo(world, call, chat)
  const media_group_id = `${randomInt(1e9, 2e9)}${randomInt(1e7, 1e8)}`
  return files.map((file, index) =>
    putBotMessage(world, bot, chat, {
      content: {
        ...(items.length > 1 && { media_group_id }),
        ...(replied && { reply_to_message: replied }),
        ...asAttachment(file),
        ...captions[index],
      },
      markup: {},
    }),
  )
}

async function sourceOf(world: World, call: Call, { type, media }: AlbumItem, index: number) {
  try {
    return await findSource(world, call, { kind: type, value: media })
  } catch (error) {
    if (!(error instanceof BotApiError)) throw error
    const why = error.message.replace('Bad Request: ', '')
    throw badRequest(
      `failed to send message #${index + 1} with the error message "${why.slice(0, 1).toUpperCase()}${why.slice(1)}"`,
    )
  }
}
