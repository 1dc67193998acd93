/** A call that cannot be, told to the caller; `field` names what has to be put right. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly field: string | undefined

  constructor(status: number, message: string, field?: string) {
    super(message)
    this.status = status
    this.field = field
  }
}

export function invalid(field: string, message: string): Refusal {
  return new Refusal(422, message, field)
}
