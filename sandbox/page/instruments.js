import { html, nothing } from '/vendor/lit-html/lit-html.js'
import { faultsForm, isSet } from './faults-form.js'
import { icons } from './icons.js'
import { choose, chosenReadings, switchLimits, toggleInstruments } from './instruments-feed.js'
import { state } from './state.js'

/** The panel beside the chats: what disturbs the bots, and what was counted. */
export function instruments() {
  if (!state.instruments) return nothing
  const shown = chosenReadings()
  return html`
    <aside class="side-panel instruments" aria-label="Instruments">
      <header>
        <h2>Instruments</h2>
        <button type="button" class="icon-button" aria-label="Close the instruments" title="Close"
          @click=${toggleInstruments}>${icons.close}</button>
      </header>
      ${shown ? panel(shown) : html`<p class="hint">Reading…</p>`}
    </aside>
  `
}

const panel = (shown) => html`
  ${botChoice()} ${limitsSwitch(shown.limits)}
  <h3>Faults</h3>
  ${faultsForm(state.instruments.bot, shown.fault)}
  <h3>Counted</h3>
  ${figures(shown)} ${callsTable(shown.calls)} ${shown.webhooks.length > 0 ? webhooks(shown.webhooks) : nothing}
`

function botChoice() {
  const { bot, readings } = state.instruments
  const mark = ({ fault, limits }) => (isSet(fault) || limits.own ? ' •' : '')
  return html`
    <label class="field">For
      <select aria-label="Bot" @change=${({ target }) => choose(Number(target.value))}>
        <option value="0" .selected=${bot === 0}>All bots${mark(readings)}</option>
        ${readings.bots.map(
          (one) =>
            html`<option value=${one.id} .selected=${one.id === bot}>${one.first_name} @${one.username}${mark(one)}</option>`,
        )}
      </select>
    </label>
  `
}

function limitsSwitch({ on, own, ...figures }) {
  const { bot } = state.instruments
  return html`
    <div class="limits">
      <button type="button" role="switch" class="switch" aria-checked=${on} aria-describedby="limits-figures"
        @click=${() => switchLimits(!on)}><span class="knob"></span>Telegram's limits</button>
      ${
        bot !== 0 && own
          ? html`<button type="button" class="quiet" @click=${() => switchLimits(null)}>As all bots</button>`
          : nothing
      }
      <p id="limits-figures">${figures.bot_per_second}/s a bot, ${figures.chat_per_second}/s a chat,
        ${figures.group_per_minute}/min a group</p>
    </div>
  `
}

/** Numbers that move every second: named pairs. */
function figures({ per_second, calls, limits: { refused } }) {
  const limited = Object.values(calls).reduce((sum, outcomes) => sum + (outcomes[429] ?? 0), 0)
  const pairs = [
    ['Calls a second', per_second],
    ['429 in all', limited],
    ['Over the bot’s rate', refused.bot],
    ['Over a chat’s', refused.chat],
    ['Over a group’s', refused.group],
    ['During a pause', refused.cooldown],
  ]
  return html`
    <dl class="figures" aria-label="Figures">
      ${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  `
}

function callsTable(calls) {
  const methods = Object.entries(calls).sort(([one], [other]) => one.localeCompare(other))
  if (methods.length === 0) return html`<p class="hint">No bot has called yet.</p>`
  return html`
    <table class="calls" aria-label="Calls">
      <thead><tr><th scope="col">Method</th><th scope="col">Outcomes</th></tr></thead>
      <tbody>
        ${methods.map(
          ([method, outcomes]) => html`
            <tr><th scope="row">${method}</th><td>${Object.entries(outcomes).map(outcomeCount)}</td></tr>
          `,
        )}
      </tbody>
    </table>
  `
}

const outcomeCount = ([outcome, count]) =>
  html`<span class=${outcome === 'ok' ? 'outcome' : 'outcome bad'}>${outcome} <b>${count}</b></span> `

const webhooks = (bots) => html`
  <h3>Webhooks</h3>
  <ul class="webhooks" aria-label="Webhooks">
    ${bots.map(
      ({ username, webhook: { url, pending, last_error } }) => html`
        <li><strong>@${username}</strong> <span>${url}</span>
          <span>${pending} pending</span>${last_error ? html` <span class="bad">${last_error}</span>` : nothing}</li>
      `,
    )}
  </ul>
`
