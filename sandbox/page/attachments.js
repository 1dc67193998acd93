import { html } from '/vendor/lit-html/lit-html.js'
import { fileUrl } from './api.js'
import { icons } from './icons.js'
import { change } from './state.js'

/** A photo comes in several sizes; the last is the largest. */
export function photo(message) {
  const { file_id, width, height } = message.photo.at(-1)
  const open = () => change({ dialog: { kind: 'photo', file: file_id, caption: message.caption } })
  return html`<button type="button" class="photo" aria-label="Open the photo" @click=${open}>
    <img src=${fileUrl(file_id)} alt=${message.caption ?? 'Photo'} width=${width} height=${height} />
  </button>`
}

export const documentLink = ({ file_id, file_name, file_size }) => html`
  <a class="document" href=${fileUrl(file_id)} download=${file_name ?? 'file'}>
    <span class="document-icon">${icons.document}</span>
    <span><strong>${file_name ?? 'file'}</strong> <small>${sizeOf(file_size)}</small></span>
  </a>
`

export const contact = ({ first_name, last_name, phone_number }) => html`
  <div class="contact">
    <span class="document-icon">${icons.phone}</span>
    <span><strong>${[first_name, last_name].filter(Boolean).join(' ')}</strong> <small>${phone_number}</small></span>
  </div>
`

export const sticker = ({ emoji }) =>
  html`<span class="sticker" role="img" aria-label="Sticker ${emoji}">${emoji}</span>`

/** @param {number | undefined} bytes */
export function sizeOf(bytes = 0) {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
