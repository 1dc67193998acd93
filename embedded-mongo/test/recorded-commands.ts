import type { CommandStartedEvent, Document, MongoClient } from 'mongodb'
import { type CommandSupport, commands, everyCommand, operators } from '../supported.ts'

/** What the clients say to each other before and around commands; the login has its own tests. */
const handshake = new Set(['saslStart', 'saslContinue'])
const knownOperators = new Set<string>(Object.values(operators).flat())

/**
 * Notes what a client sends (it must be made with `monitorCommands`), and tells what of it supported.ts does not
 * state.
 */
export function recordCommands(client: MongoClient): { sent: Set<string>; unstated: Set<string> } {
  const sent = new Set<string>()
  const unstated = new Set<string>()
  client.on('commandStarted', ({ commandName, command }: CommandStartedEvent) => {
    if (handshake.has(commandName)) return
    sent.add(commandName)
    for (const each of unstatedOf(commandName, command)) unstated.add(each)
  })
  return { sent, unstated }
}

export function unstatedOf(name: string, command: Document): string[] {
  const support = Object.entries(commands).find(([known, { aliases = [] }]) => known === name || aliases.includes(name))
  if (!support) return [name]
  return [...unstatedFields(name, command, support[1], [name, ...everyCommand]), ...unstatedOperators(name, command)]
}

function unstatedFields(path: string, given: Document, support: CommandSupport, always: string[] = []): string[] {
  if (support.open) return []
  const known = new Set([...always, ...support.options])
  const asked = Object.entries(given).filter(([, value]) => value !== false && value !== undefined)
  return [
    ...asked.filter(([field]) => !known.has(field)).map(([field]) => `${path}.${field}`),
    ...Object.entries(support.statements ?? {}).flatMap(([field, statement]) =>
      (given[field] ?? []).flatMap((each: Document) => unstatedFields(`${path}.${field}`, each, statement)),
    ),
  ]
}

/** Every name with a `$`, wherever it stands; what documents hold themselves has none. */
function unstatedOperators(path: string, value: unknown): string[] {
  if (typeof value === 'string')
    return value.startsWith('$$') && !knownOperators.has(value.split('.')[0] as string) ? [`${path} ${value}`] : []
  if (Array.isArray(value)) return value.flatMap((each) => unstatedOperators(path, each))
  if (typeof value !== 'object' || value === null || '_bsontype' in value || ArrayBuffer.isView(value)) return []
  return Object.entries(value).flatMap(([field, inner]) => [
    ...(field.startsWith('$') && !everyCommand.includes(field) && !knownOperators.has(field)
      ? [`${path} ${field}`]
      : []),
    ...unstatedOperators(path, inner),
  ])
}
