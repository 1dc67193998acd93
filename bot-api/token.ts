const shape = /^(\d{1,16}):([A-Za-z0-9_-]{35})$/

/** Whether a string has the shape of a bot's token: the bot's id, a colon, 35 characters. */
export function isToken(text: string): boolean {
  return shape.test(text)
}

/** The id of the bot whose token this is, or undefined if it is no token. */
export function botIdOfToken(token: string): number | undefined {
  const id = shape.exec(token)?.[1]
  return id === undefined ? undefined : Number(id)
}
