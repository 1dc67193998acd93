export interface Location {
  country: string | null
  region: string | null
  city: string | null
}

/** A person as the file keeps them. */
export interface Person {
  userId: number
  firstname: string
  lastname: string | null
  middlename: string | null
  role: string
  /** Digits alone, with the country's code. */
  phone: string | null
  email: string | null
  location: Location | null
  active: boolean
  blockReason: string | null
  /** When the bot said that this person had linked the account; null while no bot is connected. */
  connectedAt: string | null
}

/** What the file may leave out. */
export const nobody: Omit<Person, 'userId'> = {
  firstname: '',
  lastname: null,
  middlename: null,
  role: 'user',
  phone: null,
  email: null,
  location: null,
  active: true,
  blockReason: null,
  connectedAt: null,
}

/** A person as `GET /user` answers; what is not known is null. */
export function asAnswer({ userId, lastname, firstname, middlename, role, active, phone, email, location }: Person) {
  return {
    userId,
    surname: lastname,
    name: firstname,
    patronymic: middlename,
    role,
    isActive: active,
    phone,
    email,
    location,
  }
}

export function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '')
}
