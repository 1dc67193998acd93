import { html } from '/vendor/lit-html/lit-html.js'

const TINTS = 8

/** @param {{ id: number, first_name: string, last_name?: string }} whose */
export const avatar = (whose) =>
  html`<span class="avatar tint-${Math.abs(whose.id) % TINTS}" aria-hidden="true">${initials(nameOf(whose))}</span>`

export const nameOf = ({ first_name, last_name }) => (last_name ? `${first_name} ${last_name}` : first_name)

const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join('')
