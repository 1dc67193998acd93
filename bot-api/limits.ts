/**
 * Telegram's limits as the Bot API's manual gives them. Lengths of texts are in UTF-16 units after the entities were
 * parsed, sizes of files in bytes.
 */
export const limits = {
  text: 4096,
  caption: 1024,
  callbackDataBytes: 64,
  callbackAnswer: 200,
  command: 32,
  commandDescription: 256,
  commands: 100,
  name: 64,
  description: 512,
  shortDescription: 120,
  /** Files in one album, messages in one deletion. */
  album: 10,
  deletedAtOnce: 100,
  startPayload: 64,
  inlineButtons: 100,
  replyButtons: 300,
  updatesPerPoll: 100,
  /** What a bot may upload, and what it may download. */
  uploadBytes: 50 * 1024 * 1024,
  downloadBytes: 20 * 1024 * 1024,
  photoBytes: 10 * 1024 * 1024,
  /** What Telegram fetches itself when it is given an address. */
  fetchedPhotoBytes: 5 * 1024 * 1024,
  fetchedFileBytes: 20 * 1024 * 1024,
  /** Seconds after which a message can no longer be deleted. */
  deleteWithin: 48 * 3600,
} as const

export const commandPattern = /^[a-z0-9_]{1,32}$/
export const startPayloadPattern = /^[A-Za-z0-9_-]{1,64}$/
