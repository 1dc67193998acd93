import { html } from '/vendor/lit-html/lit-html.js'

/** @param {{ id: number, title?: string, first_name?: string, last_name?: string }} whose */
export const avatar = (whose) =>
  html`<span class="avatar tint-${tintOf(whose.id)} ${whose.title ? 'of-group' : ''}" aria-hidden="true">${initials(nameOf(whose))}</span>`

/** One of eight. Ids are hashed, so that the first people and the first bots do not look alike by their last digits. */
export const tintOf = (id) => Math.imul(id, 0x3c6ef363) >>> 29

export const nameOf = ({ title, first_name, last_name }) =>
  title ?? (last_name ? `${first_name} ${last_name}` : first_name)

const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join('')
