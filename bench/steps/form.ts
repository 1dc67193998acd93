const questions = ['What is your name?', 'What is your phone number?', 'Which city do you live in?'] as const

function answer(question: number, person: number, round: number): string {
  return `${['Name', '+998', 'City'][question]} ${person}-${round}`
}

/** The form of three questions that every contender asks, and how a person answers it. */
export const form = {
  questions,
  answerTo(text: string, person: number, round: number): string | undefined {
    const asked = questions.indexOf(text as (typeof questions)[number])
    return asked < 0 ? undefined : answer(asked, person, round)
  },
  say: (name: string, phone: string, city: string) => `Thank you! ${name}, ${phone}, ${city}`,
  summary: (person: number, round: number) =>
    form.say(answer(0, person, round), answer(1, person, round), answer(2, person, round)),
}
