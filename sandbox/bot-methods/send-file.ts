import { asAttachment, type FileKind } from '../files.ts'
import type { World } from '../world.ts'
import { readCaption } from './caption.ts'
import { findSource, storedFile } from './file-source.ts'
import type { BotMethod, Call } from './method.ts'
import { putMessage } from './put-message.ts'
import { chatToWrite } from './target-chat.ts'

export const sendPhoto: BotMethod = (world, call) => sendFile(world, call, 'photo')
export const sendDocument: BotMethod = (world, call) => sendFile(world, call, 'document')

async function sendFile(world: World, call: Call, kind: FileKind): Promise<unknown> {
  const { bot, parameters } = call
  const caption = readCaption(parameters)
  chatToWrite(world, bot, parameters)
  const source = await findSource(world, call, { kind, value: parameters.text(kind), part: kind })
  // The chat may have been stopped while a file was fetched.
  const chat = chatToWrite(world, bot, parameters)
  return putMessage(world, call, chat, { ...asAttachment(storedFile(world, bot, kind, source)), ...caption })
}
