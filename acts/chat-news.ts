import type { Types } from 'mongoose'
import { Chat } from '../models/chat.ts'
import { Delivery } from '../models/delivery.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Person } from '../models/person.ts'

// What the messenger tells of a chat by refusing a call.

/** A group has become a supergroup and has another id: its record, what is to be sent there and its dialogues follow. Safe to repeat. */
export async function moveChat(bot: Types.ObjectId, from: number, to: number): Promise<void> {
  await Dialogue.moveChat(bot, from, to)
  await Delivery.moveChat(bot, from, to)
  await Chat.move(bot, from, to)
}

/** The bot may not write there: a person has stopped it, or it is out of the group. */
export async function shutOut(bot: Types.ObjectId, chat: number): Promise<void> {
  await Person.stopChat(bot, chat)
  await Chat.leave(bot, chat)
}
