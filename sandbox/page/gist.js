/** A message in one line, for the list and for quotes. */
export function gist(message) {
  if (message.service) return message.service
  if (message.photo) return message.caption ? `Photo, ${message.caption}` : 'Photo'
  if (message.document) return message.document.file_name ?? 'Document'
  if (message.sticker) return `${message.sticker.emoji ?? ''} Sticker`
  if (message.contact) return `Contact, ${message.contact.first_name}`
  return message.text ?? 'Message'
}
