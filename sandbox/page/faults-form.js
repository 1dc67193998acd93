import { keyed } from '/vendor/lit-html/directives/keyed.js'
import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { setFault } from './instruments-feed.js'

/** A fault's numbers: how they are called, and whether they are shares that are typed as percent. */
const NUMBERS = [
  { name: 'delay_ms', label: 'Delay, ms' },
  { name: 'fail_share', label: 'Answered 502, %', share: true },
  { name: 'drop_share', label: 'Dropped, %', share: true },
  { name: 'lost_answer_share', label: 'Answer lost, %', share: true },
  { name: 'retry_after', label: '429 with retry after, s' },
  { name: 'limit_share', label: 'Share of that 429, %', share: true },
  { name: 'times', label: 'For so many calls' },
]

/** @param {number} bot @param {object} fault what is set now; `seed` is the sandbox's and not shown */
export const faultsForm = (bot, fault) =>
  keyed(
    bot,
    html`
      <form class="faults" aria-label="Faults" @submit=${submit}>
        ${NUMBERS.map((number) => field(number, fault))}
        <label class="field">Methods
          <input name="methods" autocomplete="off" placeholder="all" .value=${fault.methods?.join(', ') ?? ''} /></label>
        <div class="faults-buttons">
          ${isSet(fault) ? html`<button type="button" class="quiet" @click=${() => setFault({})}>Take back</button>` : nothing}
          <button class="primary">Set faults</button>
        </div>
      </form>
    `,
  )

const field = ({ name, label, share }, fault) => html`
  <label class="field">${label}
    <input name=${name} type="number" min="0" max=${share ? 100 : nothing} step="any" autocomplete="off"
      .value=${String(fault[name] === undefined ? '' : share ? fault[name] * 100 : fault[name])} /></label>
`

export const isSet = (fault) => Object.keys(fault).some((name) => name !== 'seed')

function submit(event) {
  event.preventDefault()
  const filled = new FormData(event.target)
  const fault = {}
  for (const { name, share } of NUMBERS) {
    const text = filled.get(name)
    if (text) fault[name] = share ? Number(text) / 100 : Number(text)
  }
  const methods = filled
    .get('methods')
    .split(/[\s,]+/)
    .filter(Boolean)
  if (methods.length > 0) fault.methods = methods
  setFault(fault)
}
