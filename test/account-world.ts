import { sealedDirectory } from '../acts/bot-directory.ts'
import { type Colony, type ColonyOptions, startColony } from '../chat-test.ts'
import { directorySettings } from '../directory/settings.ts'
import { DirectoryProcess, token as directoryToken } from '../examples/directory/directory-process.ts'
import { Server, sandboxId } from '../models/server.ts'
import type { PersonClient } from '../sandbox/person.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { caller, makeApiKey } from './by-chat.ts'

type Known = { person: PersonClient; userId: string; phone: string }

/** A colony whose bots link accounts of an example directory, with an assistant that is called over HTTP. */
export type AccountWorld = {
  colony: Colony
  directory: DirectoryProcess
  /** Calls an endpoint of the assistant. */
  call: (alias: string, params: object) => Promise<unknown>
  /** How often the directory was called, by `GET /user` and the like. */
  counted(): Promise<Record<string, Record<string, number>>>
  /** Somebody new, whose account stands in the directory with the phone of the messenger. */
  known(name: string): Promise<Known>
  /** Somebody who linked the account by the own contact. */
  linked(name: string): Promise<Known & { chat: PersonChat; personId: number }>
  close(): Promise<void>
}

export async function startAccountWorld(options: ColonyOptions & { username?: string } = {}): Promise<AccountWorld> {
  const directory = await DirectoryProcess.start()
  const colony = await startColony(options)
  const settings = directorySettings.parse({ baseUrl: directory.url, token: directoryToken, timeoutMs: 1_000 })
  await Server.updateOne({ _id: sandboxId }, { $set: { directory: sealedDirectory(settings) } })
  const username = options.username ?? 'helper_bot'
  await colony.addBot({ name: 'Helper', username, kind: 'Notifications' })
  const apiKey = await makeApiKey(colony.admin.chat('metabot'))
  const known = async (name: string): Promise<Known> => {
    const person = await colony.person({ first_name: name, language_code: 'en' })
    const phone = person.person.phone ?? ''
    const { body } = await directory.call('POST /user', { firstname: name, lastname: 'Known', phone })
    return { person, userId: String(body.userId), phone }
  }
  return {
    colony,
    directory,
    call: caller({ url: colony.app.url }, username, apiKey),
    counted: async () => (await directory.call('GET /counters')).body,
    known,
    async linked(name) {
      const somebody = await known(name)
      const chat = somebody.person.chat(username)
      await chat.sends('/link')
      await chat.presses('Share my phone number')
      await chat.sees(`Welcome! You are connected as ${somebody.userId}`)
      await chat.sees('How can I help?')
      return { ...somebody, chat, personId: somebody.person.person.id }
    },
    async close() {
      await colony.close()
      await directory.close()
    },
  }
}

/** The code in an SMS. */
export const codeIn = (text: string) => /\b\d{6}\b/.exec(text)?.[0] ?? ''

/** What a start link hands over. */
export const payloadOf = (url: string) => url.split('?start=')[1] ?? ''

/** Answers the questions of the registration, as far as the summary. */
export async function fillsIn(chat: PersonChat, { email = 'new@example.com' } = {}): Promise<void> {
  await chat.sees('What is your first name?')
  await chat.sends('Ada')
  await chat.sees('What is your last name?')
  await chat.sends('Lovelace')
  await chat.sees('What is your e-mail address?')
  await chat.sends(email)
  await chat.sees('Where do you live?')
  await chat.sends('Uzbekistan, Tashkent region, Tashkent')
}
