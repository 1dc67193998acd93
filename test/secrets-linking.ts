import { expect } from 'vitest'
import { addBot } from '../chat-test.ts'
import { DirectoryProcess, token } from '../examples/directory/directory-process.ts'
import { addPerson, type PersonClient } from '../sandbox/person.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { codeIn, fillsIn, payloadOf } from './account-world.ts'
import { caller } from './by-chat.ts'
import { openOfCard } from './metabot-world.ts'
import type { RookeryProcess } from './rookery-process.ts'

const email = 'ada.of.the.night@example.com'

/** What linking accounts makes of secrets: the codes, and what must not be read in the log. */
export type LinkingSecrets = { codes: Record<string, string[]>; inNoLog: Record<string, string[]> }

/** Links by SMS and by a link of the system's, registers, and changes a phone. */
export async function linkingJourney(
  rookery: RookeryProcess,
  admin: PersonClient,
  apiKey: string,
): Promise<LinkingSecrets> {
  const directory = await DirectoryProcess.start()
  const people = await Promise.all(
    ['Ann', 'Bea', 'Cid', 'Dan'].map((first_name) => addPerson(rookery.sandboxUrl, { first_name })),
  )
  const [ann, bea, cid, dan] = people as [PersonClient, PersonClient, PersonClient, PersonClient]
  try {
    await addBot(admin, { name: 'Accounts', username: 'accounts_bot', kind: 'Notifications' })
    await setDirectory(admin, directory.url)
    const chats = [ann, bea, cid].map((person) => person.chat('accounts_bot')) as [PersonChat, PersonChat, PersonChat]
    const linked = await linksBySms(directory, ann, chats[0])
    const registered = await registers(bea, chats[1])
    const opened = await opensLink(caller(rookery, 'accounts_bot', apiKey), directory, chats[2])
    const changed = await changesPhone(chats[2], dan)
    return {
      codes: {
        'code of linking': [linked],
        'code of registering': [registered],
        'code of a new phone': [changed],
        ...opened,
      },
      inNoLog: {
        phone: people.map(({ person }) => person.phone.replace('+', '')),
        'e-mail': [email],
        'token of the directory': [token],
      },
    }
  } finally {
    await Promise.all(people.map((person) => person.close()))
    await directory.close()
  }
}

async function setDirectory(admin: PersonClient, url: string): Promise<void> {
  const metabot = admin.chat('metabot')
  await openOfCard(metabot, /Accounts/, /^Directory$/)
  await metabot.presses('Set up')
  await metabot.sees('Type the address of your system')
  await metabot.sends(url)
  await metabot.sees('Type the token')
  await metabot.sends(token)
  await metabot.presses('Authorization: Bearer (usual)')
  await metabot.sees('The directory is set.')
}

async function linksBySms(directory: DirectoryProcess, who: PersonClient, chat: PersonChat): Promise<string> {
  const { phone } = who.person
  await directory.call('POST /user', { firstname: 'Ann', lastname: 'Known', phone })
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sends(phone)
  await chat.sees('If we know it, a code')
  const code = codeIn((await who.phone.receives(/code/)).text)
  await chat.sends(code)
  await chat.sees('Welcome! You are connected')
  return code
}

async function registers(who: PersonClient, chat: PersonChat): Promise<string> {
  await chat.sends('/register')
  await chat.sees('Let us begin')
  await chat.sends(who.person.phone)
  const code = codeIn((await who.phone.receives(/code/)).text)
  await chat.sends(code)
  await fillsIn(chat, { email })
  await chat.presses('Send')
  await chat.sees('Welcome! You are connected')
  return code
}

/** The new number is the one of another phone. */
async function changesPhone(chat: PersonChat, phone: PersonClient): Promise<string> {
  await chat.presses('My account')
  await chat.presses('Change my data')
  await chat.presses('phone')
  await chat.sees('Your new number has to be proved')
  await chat.sends(phone.person.phone)
  const code = codeIn((await phone.phone.receives(/code/)).text)
  await chat.sends(code)
  await chat.sees('Changed.')
  return code
}

async function opensLink(
  call: ReturnType<typeof caller>,
  directory: DirectoryProcess,
  chat: PersonChat,
): Promise<Record<string, string[]>> {
  const { body } = await directory.call('POST /user', { firstname: 'Cid', lastname: 'Known', phone: '998907654321' })
  const { url } = (await call('links/create', { userId: body.userId })) as { url: string }
  expect(url).toContain('?start=l-')
  await chat.start(payloadOf(url))
  await chat.sees('Welcome! You are connected')
  return { 'code of a link': [payloadOf(url), payloadOf(url).replace('l-', '')] }
}
