const questions = ['What is your name?', 'What is your phone number?', 'Which city do you live in?']

/** The form of three questions that every contender asks, and how a person answers it. */
export const form = {
  questions,
  answer: (question: number, person: number, round: number) =>
    `${['Name', '+998', 'City'][question]} ${person}-${round}`,
  say: (name: string, phone: string, city: string) => `Thank you! ${name}, ${phone}, ${city}`,
  summary(person: number, round: number): string {
    const [name = '', phone = '', city = ''] = questions.map((_, question) => form.answer(question, person, round))
    return form.say(name, phone, city)
  },
}
