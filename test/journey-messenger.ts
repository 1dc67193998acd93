import type { Locator, Page } from 'playwright-core'

/** The sandbox's page in somebody's hands: all is found by role and name, as people and screen readers find it. */
export class Messenger {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Goes on as another person, in the chat where that person was last. */
  async becomes(person: string): Promise<void> {
    await this.#page.getByRole('combobox', { name: 'Person' }).selectOption(person)
  }

  /** Finds a bot by what is typed into the search, and opens its chat. */
  async finds(typed: string, name: string): Promise<void> {
    await this.#page.getByRole('searchbox', { name: 'Search' }).fill(typed)
    await this.#page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name, exact: true }).click()
    await this.#page.getByRole('heading', { name, exact: true }).waitFor()
  }

  /** Opens a chat that is in the list. */
  async opens(name: string): Promise<void> {
    await this.#page.getByRole('searchbox', { name: 'Search' }).fill('')
    await this.#page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name, exact: true }).click()
    await this.#page.getByRole('heading', { name, exact: true }).waitFor()
  }

  /** Makes a group of people and bots, and opens it. */
  async makesGroup(title: string, members: string[]): Promise<void> {
    await this.#page.getByRole('button', { name: 'Main menu' }).click()
    await this.#page.getByRole('menuitem', { name: 'New group' }).click()
    const dialog = this.#page.getByRole('dialog', { name: 'New group' })
    await dialog.getByRole('textbox', { name: 'Title' }).fill(title)
    for (const member of members) {
      await dialog.getByRole('searchbox', { name: 'Find people and bots' }).fill(member)
      await dialog.getByRole('checkbox', { name: member }).check()
    }
    await dialog.getByRole('button', { name: 'Create' }).click()
    await this.#page.getByRole('heading', { name: title, exact: true }).waitFor()
  }

  /** Adds somebody to the group that is open. */
  async adds(member: string): Promise<void> {
    await this.#page.getByRole('button', { name: /\d+ members?/ }).click()
    await this.#page.getByRole('button', { name: 'Add members' }).click()
    const dialog = this.#page.getByRole('dialog')
    await dialog.getByRole('searchbox', { name: 'Find people and bots' }).fill(member)
    await dialog.getByRole('checkbox', { name: member }).check()
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  }

  async starts(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Start', exact: true }).click()
  }

  async says(text: string): Promise<void> {
    const field = this.#page.getByRole('textbox', { name: 'Message' })
    await field.fill(text)
    await field.press('Enter')
  }

  /** The latest message of the sender that holds the text, once it is there. */
  async sees(sender: string, text: string | RegExp): Promise<string> {
    const message = this.#page.getByRole('article', { name: sender }).filter({ hasText: text }).last()
    await message.waitFor()
    return message.innerText()
  }

  /**
   * Presses a button of the latest message that has one of this name. Where an older message has one too, wait for the
   * new message by `sees` first: the page may move to it in the midst of the press.
   */
  async presses(label: string | RegExp): Promise<void> {
    await this.#button(label).click()
  }

  /** Presses a button of the keyboard beneath the field, once the bot has shown it. */
  async taps(label: string): Promise<void> {
    await this.#page.getByRole('group', { name: 'Keyboard' }).getByRole('button', { name: label, exact: true }).click()
  }

  /** Opens the person's phone, where it is closed, and answers the code in the newest SMS. */
  async readsCode(): Promise<string> {
    const button = this.#page.getByRole('button', { name: 'Phone', exact: true })
    if ((await button.getAttribute('aria-expanded')) === 'false') await button.click()
    const sms = this.#page.getByRole('log', { name: 'SMS' }).getByRole('listitem').first()
    return /\d{6}/.exec(await sms.innerText())?.[0] ?? ''
  }

  async closesPhone(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Close the phone' }).click()
  }

  /** Adds somebody to the sandbox and goes on as this person. */
  async invents(firstName: string, lastName: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Add a person' }).click()
    const dialog = this.#page.getByRole('dialog', { name: 'Add a person' })
    await dialog.getByRole('textbox', { name: 'First name' }).fill(firstName)
    await dialog.getByRole('textbox', { name: 'Last name' }).fill(lastName)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    const people = this.#page.getByRole('combobox', { name: 'Person' })
    await people
      .getByRole('option', { name: `${firstName} ${lastName}`, selected: true })
      .waitFor({ state: 'attached' })
  }

  /** Copies the piece of a message that offers it, as a press does, and answers it. */
  async copies(piece: RegExp): Promise<string> {
    const button = this.#button(piece)
    const text = await button.innerText()
    await button.click()
    await this.#page.getByRole('status').getByText('Copied').first().waitFor()
    return text
  }

  /** Sends what was copied last. */
  async pastes(): Promise<void> {
    const field = this.#page.getByRole('textbox', { name: 'Message' })
    await field.press('ControlOrMeta+V')
    await field.press('Enter')
  }

  /** The messages of the sender in the open chat that hold the text, as they are now. */
  counts(sender: string, text: string | RegExp): Promise<number> {
    return this.#page.getByRole('article', { name: sender }).filter({ hasText: text }).count()
  }

  #button(label: string | RegExp): Locator {
    const log = this.#page.getByRole('log', { name: 'Messages' })
    return log.getByRole('button', { name: label, exact: true }).last()
  }
}
