import { digitsOf, nobody, type Person } from './person.ts'

/** Those whom a new directory knows. `phones` are those of Alice and of Umid in the messenger where the bot is tried. */
export function demoPeople(phones: readonly string[] = []): Person[] {
  const [alice = '+999550000001', umid = '+999550000002'] = phones
  const tashkent = { country: 'Uzbekistan', region: null, city: 'Tashkent' }
  const bremen = { country: 'Germany', region: 'Bremen', city: 'Bremen' }
  const stavropol = { country: 'Россия', region: 'Ставропольский край', city: 'Ставрополь' }
  const shared = { lastname: 'Orlov', email: 'family@example.com', location: bremen }
  const people: (Pick<Person, 'userId' | 'firstname'> & Partial<Person>)[] = [
    { userId: 101, firstname: 'Alice', lastname: 'Admin', role: 'manager', phone: alice, email: 'alice@example.com' },
    { userId: 102, firstname: 'Umid', lastname: 'User', phone: umid, email: 'umid@example.com', location: tashkent },
    {
      userId: 127,
      firstname: 'Александр',
      lastname: 'Пушкин',
      middlename: 'Сергеевич',
      phone: '79187777777',
      email: 'address@domain.ru',
      location: stavropol,
    },
    { userId: 128, firstname: 'Nina', lastname: 'Phoneless', email: 'nina@example.com', location: bremen },
    {
      userId: 129,
      firstname: 'Viktor',
      lastname: 'Blocked',
      phone: '999550000129',
      email: 'viktor@example.com',
      active: false,
      blockReason: 'Unpaid orders',
    },
    { userId: 130, firstname: 'Anna', phone: '999550000130', ...shared },
    { userId: 131, firstname: 'Pavel', phone: '999550000131', ...shared },
  ]
  return people.map((person) => ({ ...nobody, ...person, phone: person.phone ? digitsOf(person.phone) : null }))
}
