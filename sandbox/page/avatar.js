import { html } from '/vendor/lit-html/lit-html.js'

/** @param {{ id: number, first_name: string, last_name?: string }} whose */
export const avatar = (whose) =>
  html`<span class="avatar tint-${tintOf(whose.id)}" aria-hidden="true">${initials(nameOf(whose))}</span>`

/** One of eight. Ids are hashed: the first person and the first bot would look alike by their last digits. */
const tintOf = (id) => Math.imul(id, 0x9e3779b1) >>> 29

export const nameOf = ({ first_name, last_name }) => (last_name ? `${first_name} ${last_name}` : first_name)

const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join('')
