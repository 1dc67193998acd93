const links = [
  /^(?:https?:\/\/)?(?:www\.)?(?:t(?:elegram)?\.me|telegram\.dog)\//i,
  /^tg:(?:\/\/)?resolve\?(?:\S*&)?domain=/i,
  // The sandbox's page.
  /^https?:\/\/\S+?\/#\/(?:as\/\d+\/)?chat\//i,
]

/** A nick as people write it (`@Nick`, `nick`, `https://t.me/nick?start=1` and other links, in any letter case) as `nick`. */
export function normalizeUsername(written: string): string {
  const name = links.reduce((rest, link) => rest.replace(link, ''), written.trim()).replace(/^@/, '')
  return name.replace(/[/?#&].*$/, '').toLowerCase()
}

/** The link that opens a private chat with somebody, by their username. */
export function privateLink(username: string): string {
  return `https://t.me/${username}`
}

/** What is wrong with a bot's username by Telegram's rules, or undefined. */
export function checkBotUsername(username: string): string | undefined {
  if (username.length < 5 || username.length > 32) return 'it must have 5 to 32 characters'
  if (!/^[A-Za-z0-9_]+$/.test(username)) return 'only Latin letters, digits and underscores are allowed'
  if (!/^[A-Za-z]/.test(username)) return 'it must begin with a letter'
  if (/__|_$/.test(username)) return 'underscores must stand alone between other characters'
  if (!/bot$/i.test(username)) return "it must end in 'bot', like WeatherBot or weather_bot"
  return undefined
}
