/** The HTTP API of people (see the sandbox's README). A refusal throws an Error with the server's sentence. */

async function call(method, path, body) {
  const form = body instanceof FormData
  const response = await fetch(`/api/${path}`, {
    method,
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    ...(body === undefined || form ? {} : { headers: { 'content-type': 'application/json' } }),
  }).catch((cause) => {
    throw new Error('The sandbox does not answer. Is it running?', { cause })
  })
  const answer = response.headers.get('content-type')?.includes('json') ? await response.json() : null
  if (response.ok) return answer
  const sentence = answer?.error ?? `The sandbox answered ${response.status} ${response.statusText}`
  throw Object.assign(new Error(sentence), { status: response.status })
}

const chatPath = (person, peer) => `people/${person}/chats/${peer}`

export const people = () => call('GET', 'people')
export const addPerson = (person) => call('POST', 'people', person)
export const bots = () => call('GET', 'bots')
export const search = (words) => call('GET', `search?q=${encodeURIComponent(words)}`)
export const chats = (person) => call('GET', `people/${person}/chats`)
export const chat = (person, peer, limit) => call('GET', `${chatPath(person, peer)}?limit=${limit}`)

export const sms = (person) => call('GET', `people/${person}/sms`)

export const createGroup = (person, group) => call('POST', `people/${person}/groups`, group)
export const rename = (person, group, title) => call('PATCH', chatPath(person, group), { title })
export const migrate = (person, group) => call('POST', `${chatPath(person, group)}/migrate`, {})
export const addMember = (person, group, member) => call('POST', `${chatPath(person, group)}/members`, { member })
export const removeMember = (person, group, member) => call('DELETE', `${chatPath(person, group)}/members/${member}`)
export const setAdministrator = (person, group, member, administrator) =>
  call('PUT', `${chatPath(person, group)}/members/${member}`, { administrator })

export const start = (person, peer, payload) =>
  call('POST', `${chatPath(person, peer)}/start`, payload ? { payload } : {})
export const stop = (person, peer) => call('POST', `${chatPath(person, peer)}/stop`, {})
export const markRead = (person, peer) => call('POST', `${chatPath(person, peer)}/read`, {})

/** @param {object | FormData} message JSON for text, contact and sticker; a form for a photo or document */
export const send = (person, peer, message) => call('POST', `${chatPath(person, peer)}/messages`, message)
export const edit = (person, peer, id, text) => call('PATCH', `${chatPath(person, peer)}/messages/${id}`, { text })
export const remove = (person, peer, id) => call('DELETE', `${chatPath(person, peer)}/messages/${id}`)
export const press = (person, peer, id, row, column) =>
  call('POST', `${chatPath(person, peer)}/messages/${id}/press`, { row, column })

export const fileUrl = (fileId) => `/api/files/${encodeURIComponent(fileId)}`
export const eventsUrl = (person) => `/api/events?person=${person}`

export const instruments = () => call('GET', 'instruments')
export const setLimits = (bot, on) => call('PUT', `limits/${bot}`, { on })
export const clearLimits = (bot) => call('DELETE', `limits/${bot}`)
export const setFault = (bot, fault) => call('PUT', `faults/${bot}`, fault)
export const clearFault = (bot) => call('DELETE', `faults/${bot}`)
