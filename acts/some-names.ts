const most = 20

/** The first names of a list that might not fit into a message. */
export function someNames(list: readonly { name: string }[]): string {
  const names = list.slice(0, most).map(({ name }) => name)
  return [...names, ...(list.length > most ? ['…'] : [])].join(', ') || '–'
}
