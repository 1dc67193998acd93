import { html } from '/vendor/lit-html/lit-html.js'

const icon = (path) => html`
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8"
    stroke-linecap="round" stroke-linejoin="round"><path d=${path} /></svg>
`

export const icons = {
  add: icon('M12 5v14M5 12h14'),
  attach: icon('M20 11.5 12 19.4a5 5 0 0 1-7-7.1l8.5-8.4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4l7.8-7.7'),
  back: icon('M15 5l-7 7 7 7'),
  close: icon('M6 6l12 12M18 6L6 18'),
  commands: icon('M4 5h16v14H4zM13 9l-3 6'),
  document: icon('M7 3h7l5 5v13H7zM14 3v5h5'),
  down: icon('M12 5v14M6 13l6 6 6-6'),
  edit: icon('M4 20l1-4L16 5l3 3L8 19zM14 7l3 3'),
  keyboard: icon('M3 7h18v10H3zM7 10.5h.01M12 10.5h.01M17 10.5h.01M8 14h8'),
  menu: icon('M4 7h16M4 12h16M4 17h16'),
  more: icon('M12 5v.5M12 11.75v.5M12 18.5v.5'),
  outside: icon('M9 6h9v9M18 6 6 18'),
  phone: icon('M6 3h4l1.5 5-2.5 1.5a11 11 0 0 0 5.5 5.5L16 12.5l5 1.5v4a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z'),
  remove: icon('M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5'),
  reply: icon('M10 6 4 12l6 6v-4c5 0 8 1.500 10 5 0-7-4-9-10-9z'),
  search: icon('M11 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM16 16l4 4'),
  send: icon('M4 12h14M12 5l7 7-7 7'),
  star: icon('M12 4l2.400 5.100 5.600.700-4.100 3.900 1 5.500-4.900-2.700-4.900 2.700 1-5.500L4 9.800l5.600-.700z'),
  sticker: icon('M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9 10h.01M15 10h.01M8.500 14.500c2 2.500 5 2.500 7 0'),
}

/** The sandbox's own mark: a rook that speaks. */
export const mark = html`
  <svg viewBox="0 0 32 32" aria-hidden="true" fill="currentColor">
    <path fill-rule="evenodd" d="M4 4h5v4h4V4h6v4h4V4h5v20H15l-7 6v-6H4zM11 14a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM21 14a2 2 0 1 0 0 4 2 2 0 0 0 0-4z" />
  </svg>
`
