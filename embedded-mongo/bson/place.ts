/** The place in an array that a part of a path names, or -1: `0`, `12`, but not `01`, which is a name. */
export const placeOf = (part: string): number => (/^(0|[1-9]\d{0,9})$/.test(part) ? Number(part) : -1)
