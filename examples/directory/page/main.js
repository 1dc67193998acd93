import { ask } from './dialogs.js'

const lookAgainMs = 2_000
const search = document.getElementById('search')
const rows = document.getElementById('people')
const news = document.getElementById('news')
const told = document.getElementById('bot')
/** Where Rookery listens unless it was set up otherwise. */
const usualRookery = 'http://127.0.0.1:3000'
let shown = ''

async function call(method, path, body) {
  const response = await fetch(path, { method, ...(body && { body: JSON.stringify(body) }) })
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.message), { field: answer.field })
  return answer
}

/** Draws only what changed: nobody loses the focus to a look that found nothing new. */
async function look() {
  const typed = search.value
  const found = await call('GET', `/admin/people?q=${encodeURIComponent(typed)}`)
  const seen = JSON.stringify(found)
  if (typed !== search.value || seen === shown) return
  shown = seen
  const { total, people } = found
  const count = total === people.length ? `${total}` : `${people.length} of ${total}`
  document.getElementById('count').textContent = `${count} ${total === 1 ? 'person' : 'people'}`
  const focused = document.activeElement?.id
  rows.replaceChildren(...people.map(row))
  if (focused) document.getElementById(focused)?.focus()
}

function row(person) {
  const tr = document.createElement('tr')
  const account = person.active ? 'active' : `blocked${person.blockReason ? `: ${person.blockReason}` : ''}`
  const bot = person.connectedAt ? `connected ${new Date(person.connectedAt).toLocaleString()}` : 'not connected'
  const cells = [person.userId, nameOf(person), person.role, person.phone, person.email, account, bot]
  for (const text of cells) tr.insertCell().textContent = text ?? '—'
  tr.cells[5].classList.toggle('blocked', !person.active)
  const block = person.active ? button('Block', person, askReason) : button('Unblock', person, unblock)
  const buttons = [button('Edit', person, edit), block, button('Delete', person, askSure)]
  // By its id a button gets the focus back after it was drawn anew, also where Block became Unblock.
  for (const [place, element] of buttons.entries()) element.id = `act-${person.userId}-${place}`
  tr.insertCell().append(...buttons)
  return tr
}

function button(verb, person, act) {
  const element = document.createElement('button')
  element.type = 'button'
  element.textContent = verb
  element.setAttribute('aria-label', `${verb} ${nameOf(person)}`)
  element.onclick = () => act(person)
  return element
}

function edit(person) {
  ask('edit', {
    title: `Edit ${nameOf(person)}`,
    values: { ...person, ...person.location },
    act: ({ country, region, city, ...fields }) => {
      const changes = { ...fields, location: { country, region, city } }
      return carryOut('PATCH', '/admin/person', { userId: person.userId, ...changes }, 'is changed')
    },
  })
}

function askReason(person) {
  const act = ({ reason }) => carryOut('POST', '/admin/person/block', { userId: person.userId, reason }, 'is blocked')
  ask('block', { title: `Block ${nameOf(person)}?`, act })
}

function askSure(person) {
  const act = () => carryOut('POST', '/admin/person/delete', { userId: person.userId }, 'is deleted')
  ask('delete', { title: `Delete ${nameOf(person)}?`, act })
}

function unblock({ userId }) {
  return carryOut('POST', '/admin/person/unblock', { userId }, 'is unblocked').catch((error) =>
    tell(error.message, true),
  )
}

async function carryOut(method, path, body, done) {
  const { person, told } = await call(method, path, body)
  const bot = !told ? '' : told.success ? ' The bot was told.' : ` The bot was not told: ${told.message ?? told.call}`
  tell(`${nameOf(person)} ${done}.${bot}`, told?.success === false)
  // Not before the dialog is closed and the button that opened it has the focus again.
  setTimeout(keepLooking)
}

function tell(sentence, bad = false) {
  news.textContent = sentence
  news.classList.toggle('bad', bad)
}

function askBot() {
  const shown = told.dataset.rookeryUrl ? told.dataset : { rookeryUrl: usualRookery }
  ask('which-bot', {
    title: 'Which bot is told?',
    values: { rookeryUrl: shown.rookeryUrl, bot: shown.bot },
    act: async (fields) => showBot(await call('PUT', '/bot', fields)),
  })
}

function showBot(bot) {
  Object.assign(told.dataset, bot)
  if (bot) told.textContent = `The bot ${bot.bot} at ${bot.rookeryUrl} is told what you do here.`
}

function nameOf({ firstname, middlename, lastname }) {
  return [firstname, middlename, lastname].filter(Boolean).join(' ')
}

function keepLooking() {
  if (document.hidden) return
  look().then(
    () => news.textContent === unreachable && tell(''),
    () => tell(unreachable, true),
  )
}

const unreachable = 'The directory cannot be reached.'
document.getElementById('set-bot').onclick = askBot
call('GET', '/bot').then(showBot)
search.oninput = keepLooking
document.onvisibilitychange = keepLooking
setInterval(keepLooking, lookAgainMs)
keepLooking()
