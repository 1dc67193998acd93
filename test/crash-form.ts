import type { PersonClient } from '../sandbox/person.ts'

type Form = { name: string; phone: string; city: string }

const patienceMs = 60_000

/**
 * A person who fills the form again and again, each time with other answers. They answer what they are asked, each question once: after
 * a crash a question may come twice.
 */
export class FormFiller {
  readonly #person: PersonClient
  readonly #who: number
  readonly #patience: { within: number }
  #leaving = false
  readonly done: Promise<void>
  /** The forms whose summary came, each as it was answered. */
  readonly forms: Form[] = []

  /** `within`: how many milliseconds they wait for a reply. */
  constructor(person: PersonClient, who: number, bot: string, within = patienceMs) {
    this.#patience = { within }
    this.#person = person
    this.#who = who
    this.done = this.#fillUntilLeaving(bot)
    // Whoever awaits `done` hears of a failure; until then it must not end the process.
    this.done.catch(() => {})
  }

  get id(): number {
    return this.#person.person.id
  }

  /** Finishes the form that is under way. */
  leave(): Promise<void> {
    this.#leaving = true
    return this.done
  }

  async #fillUntilLeaving(bot: string): Promise<void> {
    while (!this.#leaving) {
      const round = this.forms.length + 1
      const mark = `${this.#who}-${round}`
      const phone = `+7 ${String(this.#who).padStart(3, '0')} ${String(round).padStart(6, '0')}`
      const form = { name: `Name ${mark}`, phone, city: `City ${mark}` }
      await this.#fill(bot, form)
      this.forms.push(form)
    }
  }

  async #fill(bot: string, form: Form): Promise<void> {
    const chat = this.#person.chat(bot)
    const answers = new Map([
      ['What is your name?', form.name],
      [`Pleased to meet you, ${form.name}. What is your phone number?`, form.phone],
      ['And which city do you live in?', form.city],
    ])
    const asked = [...answers.keys()]
    await chat.sends('/form')
    for (;;) {
      const { text = '' } = await chat.sees(/(?:)/, this.#patience)
      if (text === summaryOf(form)) return
      const answer = answers.get(text)
      answers.delete(text)
      if (answer !== undefined) await chat.sends(answer)
      else if (!asked.includes(text) && text !== summaryOf(this.forms.at(-1))) throw new Error(`Unexpected: ${text}`)
    }
  }
}

/** What the bot says at the end of a form; no form has no summary. */
export function summaryOf(form: Form | undefined): string | undefined {
  return form && `Thank you! This is what I wrote down:\n\nName: ${form.name}\nPhone: ${form.phone}\nCity: ${form.city}`
}
