import { sealedDirectory } from '../acts/bot-directory.ts'
import { type Colony, type ColonyOptions, startColony } from '../chat-test.ts'
import { directorySettings } from '../directory/settings.ts'
import { DirectoryProcess, token as directoryToken } from '../examples/directory/directory-process.ts'
import { Server, sandboxId } from '../models/server.ts'
import type { PersonClient } from '../sandbox/person.ts'
import { caller, makeApiKey } from './by-chat.ts'

/** A colony whose bots link accounts of an example directory, with an assistant that is called over HTTP. */
export type AccountWorld = {
  colony: Colony
  directory: DirectoryProcess
  /** Calls an endpoint of the assistant. */
  call: (alias: string, params: object) => Promise<unknown>
  /** How often the directory was called, by `GET /user` and the like. */
  counted(): Promise<Record<string, Record<string, number>>>
  /** Somebody new, whose account stands in the directory with the phone of the messenger. */
  known(name: string): Promise<{ person: PersonClient; userId: string; phone: string }>
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
  return {
    colony,
    directory,
    call: caller({ url: colony.app.url }, username, apiKey),
    counted: async () => (await directory.call('GET /counters')).body,
    async known(name) {
      const person = await colony.person({ first_name: name, language_code: 'en' })
      const phone = person.person.phone ?? ''
      const { body } = await directory.call('POST /user', { firstname: name, lastname: 'Known', phone })
      return { person, userId: String(body.userId), phone }
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
