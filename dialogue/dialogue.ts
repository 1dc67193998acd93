import { conversations } from '@grammyjs/conversations'
import { Api, Composer, Context, GrammyError, HttpError } from 'grammy'
import type { Update, UserFromGetMe } from 'grammy/types'
import type { ApiResponse, Capabilities } from '../channels/channel.ts'
import { t, tHtml } from '../config/i18n.ts'
import { type Locale, localeOf } from '../config/locales.ts'
import { plainName } from '../config/plain-name.ts'
import { UserError } from '../config/user-error.ts'
import { awaitAnswer } from '../jobs/remind.ts'
import { Dialogue as DialogueState } from '../models/dialogue.ts'
import { Person } from '../models/person.ts'
import type { InboxPayload } from '../models/update.ts'
import type { BotHandle } from './bot-handle.ts'
import { commandsFirst, offerCommands, offerPhrases, otherwise } from './commands.ts'
import { watchingContactKey, withdrawContactKey } from './contact-key.ts'
import { FileShelf } from './files.ts'
import { firstThings } from './firstly.ts'
import { notInGroups, overhear } from './groups.ts'
import type { Kind } from './kind.ts'
import { Menus } from './menus.ts'
import { followUp } from './overdue.ts'
import { presses, stalePresses } from './presses.ts'
import { enterWished, offerScenes, scenesOf } from './scenes.ts'
import { seam } from './seam.ts'
import { arrival, type Sender, sender } from './sender.ts'
import { Session } from './session.ts'
import type { Speaker, Visit, VisitContext } from './visit.ts'

/** How a dialogue speaks: carries out a Bot API method until `signal` aborts, never throws. */
export type Reply = (method: string, payload: Record<string, unknown>, signal: AbortSignal) => Promise<ApiResponse>

/** The dialogues of one bot: its kind's skills, in one order, over grammY. */
export class Dialogue {
  readonly #bot: BotHandle
  readonly #reply: Reply
  readonly #files = new FileShelf()
  readonly #scenes: ReadonlySet<string>
  readonly #composer: Composer<VisitContext>

  constructor(
    bot: BotHandle,
    kind: Kind,
    reply: Reply,
    { buttonBytes, phoneProof }: Pick<Capabilities, 'buttonBytes' | 'phoneProof'>,
  ) {
    this.#bot = bot
    this.#reply = reply
    const scenes = scenesOf(kind.skills)
    this.#scenes = new Set(scenes.map(({ id }) => id))
    const menus = new Menus(
      bot,
      kind.skills.flatMap((skill) => skill.menus ?? []),
      buttonBytes,
    )
    this.#composer = new Composer<VisitContext>()
    this.#composer.use(
      conversations<VisitContext, Context>({ storage: sessionStorage, plugins: [this.#filesMiddleware] }),
      overhear,
      firstThings(kind),
      commandsFirst(kind, buttonBytes),
      presses(menus, kind, scenes),
      offerScenes(scenes, { bot, menus, phoneProof }),
      enterWished,
      offerCommands(kind),
      stalePresses(kind),
      notInGroups(kind, bot),
      offerPhrases(kind),
      otherwise(kind),
    )
  }

  /**
   * Applies one update to the dialogue that it belongs to, once: the same update again does nothing. Sends stop when
   * `signal` aborts, and
   * then nothing of the dialogue's state is written.
   * @throws what went wrong; the update may be tried again
   */
  async handle(eventId: string, payload: InboxPayload, signal: AbortSignal): Promise<void> {
    const update = 'update' in payload ? payload.update : arrival(payload)
    const from = sender(update)
    if (!from) return
    const person = await this.#meet(update, from, payload)
    if (!person) return
    const session = await Session.load(this.#dialogueId(from))
    if (session.holds(eventId)) return
    session.keepOnly((scene) => this.#scenes.has(scene))
    const visit = { eventId, person, session, chat: from.chat, group: from.group }
    if ('enter' in payload) session.wait({ ...payload.enter, entry: eventId })
    else if ('update' in payload) await this.#run(update, visit, signal)
    else await followUp(payload.overdue, visit, this.#bot.record, (said) => this.#reply('sendMessage', said, signal))
    await this.#enterWaiting(visit, signal)
    await withdrawContactKey((method, said) => this.#reply(method, said, signal), visit)
    signal.throwIfAborted()
    await session.save(eventId)
  }

  /** Tells the person behind an update that failed for good that it was our fault. */
  async apologise(payload: InboxPayload, signal: AbortSignal): Promise<void> {
    // That a reminder failed nobody needs to know.
    const from = 'overdue' in payload ? undefined : sender('update' in payload ? payload.update : arrival(payload))
    if (!from) return
    const person = await Person.of(this.#bot.record._id, from.id)
    if (!person && !from.group) return
    const text = t(person?.locale ?? this.#localeOf(from), 'error.unexpected')
    await this.#reply('sendMessage', { chat_id: from.chat, text }, signal)
  }

  /** In a group every member has a dialogue of their own. */
  #dialogueId({ chat, group, id }: Sender): string {
    return DialogueState.idOf(this.#bot.record._id, chat, group ? id : undefined)
  }

  async #meet(update: Update, from: Sender, payload: InboxPayload): Promise<Speaker | null> {
    const bot = this.#bot.record
    if (from.group) return this.#seeInGroup(from)
    if (!('update' in payload)) return Person.of(bot._id, payload.personId)
    const status = update.my_chat_member?.new_chat_member.status
    if (status === 'kicked') {
      await Person.stop(bot._id, from.id, 'in-messenger')
      return null
    }
    const person = await Person.meet(bot._id, {
      personId: from.id,
      chat: from.chat,
      name: from.name,
      username: from.username,
      locale: this.#localeOf(from),
    })
    return update.message || update.callback_query ? person : null
  }

  /** Nobody is met in a group: a person's record tells of the private chat, and whether the bot may write there. */
  async #seeInGroup(from: Sender): Promise<Speaker> {
    const known = await Person.of(this.#bot.record._id, from.id)
    const locale = known?.locale ?? this.#localeOf(from)
    return { personId: from.id, name: plainName(from.name), username: from.username ?? null, locale }
  }

  #localeOf({ language }: Sender): Locale {
    return localeOf(language) ?? localeOf(this.#bot.record.locale) ?? 'en'
  }

  /** Begins the scenes that deliveries have wished for, as soon as no other is running. */
  async #enterWaiting(visit: Visit, signal: AbortSignal): Promise<void> {
    const { session, chat, person } = visit
    const { personId } = person
    for (let entering = session.nextWaiting(); entering; entering = session.nextWaiting()) {
      await this.#run(arrival({ chat, personId }), { ...visit, entering }, signal)
      const { scene, args: _, entry, ...following } = entering
      if (entry && (following.remind || following.giveUp) && session.ask(entry, scene))
        await awaitAnswer({ bot: this.#bot.record._id, entry, chat, personId, following })
    }
  }

  async #run(update: Update, visit: Visit, signal: AbortSignal): Promise<void> {
    const send = watchingContactKey((method, payload) => this.#reply(method, payload, signal), visit)
    const api = new Api('seam', seam(send, this.#files))
    api.config.use(this.#files.transformer)
    const ctx = Object.assign(new Context(update, api, this.#me()), { visit }) as VisitContext
    try {
      await this.#composer.middleware()(ctx, async () => {})
    } catch (error) {
      await this.#settle(ctx, error)
    }
  }

  /** What a scene or a menu may end with, other than a bug. */
  async #settle(ctx: VisitContext, error: unknown): Promise<void> {
    if (error instanceof UserError) {
      const { chat, person } = ctx.visit
      await ctx.api.sendMessage(chat, tHtml(person.locale, error.key, error.params), { parse_mode: 'HTML' })
      return
    }
    // The person has stopped the bot, or it was removed from the group, while it was answering; the channel's outlet
    // has noted that.
    if (error instanceof GrammyError && error.error_code === 403) return
    throw error instanceof HttpError ? error.error : error
  }

  readonly #filesMiddleware = (ctx: Context, next: () => Promise<void>) => {
    ctx.api.config.use(this.#files.transformer)
    return next()
  }

  #me(): UserFromGetMe {
    const { botId, username, name } = this.#bot.record
    return { id: Number(botId), is_bot: true, username, first_name: name } as UserFromGetMe
  }
}

const sessionStorage = {
  type: 'context' as const,
  adapter: {
    read: ({ visit }: VisitContext) => visit.session.conversations,
    write: ({ visit }: VisitContext, state: NonNullable<Session['conversations']>) => {
      visit.session.conversations = state
    },
    delete: ({ visit }: VisitContext) => {
      visit.session.conversations = undefined
    },
  },
}
