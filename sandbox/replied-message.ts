import type { Message } from 'grammy/types'

type RepliedMessage = NonNullable<Message['reply_to_message']>

/** A message as its replies carry it: without further replies, as Telegram has it. */
export function asReplied({ reply_to_message: _, ...message }: Message): RepliedMessage {
  return message as RepliedMessage
}
