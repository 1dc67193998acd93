import { truthy } from '../aggregate/scope.ts'
import { toNumber } from '../bson/arithmetic.ts'
import { Binary, type Doc, isNumeric, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { wrongType } from './context.ts'
import { reading, writing } from './registry.ts'

/** The commands of MongoDB's Stable API, version 1, that are here. */
const stable = new Set([
  ...['aggregate', 'count', 'create', 'createIndexes', 'delete', 'drop', 'dropDatabase', 'dropIndexes', 'endSessions'],
  ...['explain', 'find', 'findAndModify', 'getMore', 'hello', 'insert', 'killCursors', 'listCollections'],
  ...['listDatabases', 'listIndexes', 'ping', 'update'],
])
const modes = ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest']
const levels = ['local', 'available', 'majority']
const levelsOfReplicaSets = ['linearizable', 'snapshot']
const writeConcernFields = ['w', 'j', 'fsync', 'wtimeout', 'provenance']
const mostMembers = 50
const uuid = 4

/** Refuses what a lone MongoDB refuses of the fields that any command may carry. What it takes changes nothing here. */
export function checkConcerns(name: string, command: Doc): void {
  if (command.has('startTransaction') || command.has('autocommit') || command.has('txnNumber'))
    fail(20, 'Transaction numbers are only allowed on a replica set member or mongos')
  for (const [field, check] of checks) {
    const value = command.get(field)
    if (value === undefined) continue
    check(value instanceof Map ? value : wrongType(field, 'object', value), name)
  }
  checkApi(name, command)
}

const checks = Object.entries<(given: Doc, command: string) => void>({
  lsid(given) {
    const id = given.get('id') ?? fail(40414, "BSON field 'lsid.id' is missing but a required field")
    if (!(id instanceof Binary && id.subtype === uuid)) wrongType('lsid.id', 'UUID', id)
  },
  $readPreference(given) {
    const mode = given.get('mode')
    if (typeof mode !== 'string' || !modes.includes(mode))
      fail(
        2,
        `Could not parse $readPreference mode '${String(mode)}'. Only the modes '${modes.join("', '")}' are supported.`,
      )
  },
  readConcern(given) {
    for (const [field, value] of given) {
      if (field === 'afterClusterTime' || field === 'atClusterTime') forReplicaSets(`readConcern.${field}`)
      if (field === 'provenance') continue
      if (field !== 'level') fail(72, `Unrecognized option in readConcern: ${field}`)
      if (levelsOfReplicaSets.includes(value as string)) forReplicaSets(`readConcern: ${value}`)
      if (!levels.includes(value as string))
        fail(9, `readConcern.level must be either '${[...levels, ...levelsOfReplicaSets].join("', '")}'`)
    }
  },
  writeConcern(given, command) {
    if (given.size === 0) return
    if (!writing.has(command) && command !== 'aggregate') fail(72, `Command ${command} does not support writeConcern`)
    for (const field of given.keys())
      if (!writeConcernFields.includes(field)) fail(40415, `BSON field 'writeConcern.${field}' is an unknown field.`)
    checkMembers(given.get('w'))
  },
})

/** `w: 0` is answered like `w: 1`: not to answer is asked for by the message, not by the command. */
function checkMembers(w: Value | undefined): void {
  if (w === undefined || w === 'majority') return
  if (typeof w === 'string')
    fail(2, `cannot use non-majority 'w' mode ${w} when a host is not a member of a replica set`)
  const members = isNumeric(w) ? toNumber(w) : wrongType('writeConcern.w', 'int', w as Value)
  if (!(members >= 0 && members <= mostMembers))
    fail(9, `w has to be a non-negative number and not greater than ${mostMembers}`)
  if (members > 1) fail(2, "cannot use 'w' > 1 when a host is not replicated")
}

function checkApi(name: string, command: Doc): void {
  const version = command.get('apiVersion')
  const strict = truthy(command.get('apiStrict'))
  if (version === undefined) {
    if (strict || truthy(command.get('apiDeprecationErrors')))
      fail(4886600, 'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion')
    return
  }
  if (version !== '1') fail(322, 'API version must be "1"')
  const known = writing.has(name) || reading.has(name)
  if (strict && known && !stable.has(name))
    fail(323, `Provided apiStrict:true, but the command ${name} is not in API Version 1`)
}

const forReplicaSets = (what: string): never => fail(123, `node needs to be a replica set member to use ${what}`)
