/** For each of our fields the names it goes by, ours first. Letter case, `_` and `-` in a name do not count: `first_name` is `firstname`. */
export type Spellings<Field extends string = string> = Readonly<Record<Field, readonly string[]>>

/** Rewrites what a directory sent into our names. What is null or empty counts as not sent, what we have no name for is dropped. */
export function respell(spellings: Spellings) {
  return (given: unknown): unknown => {
    if (!isRecord(given)) return given
    const told = new Map(
      Object.entries(given)
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => [fold(name), value]),
    )
    return Object.fromEntries(
      Object.entries(spellings).flatMap(([field, names]) => {
        const name = names.map(fold).find((one) => told.has(one))
        return name === undefined ? [] : [[field, told.get(name)]]
      }),
    )
  }
}

/** Our name for a directory's field. */
export function fieldSpelled<Field extends string>(spellings: Spellings<Field>, name: string): Field | undefined {
  const fields = Object.keys(spellings) as Field[]
  return fields.find((field) => spellings[field].map(fold).includes(fold(name)))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}
