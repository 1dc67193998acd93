import { constants, gunzipSync, gzipSync } from 'node:zlib'
import type { ConversationData, VersionedState } from '@grammyjs/conversations'
import { open, seal } from '../config/vault.ts'
import type { SceneCall } from '../models/callback-data.ts'
import { Dialogue } from '../models/dialogue.ts'
import type { Following } from '../models/reminder.ts'

/** Below so many characters packing costs more than it saves. */
const packFrom = 4096
const packed = 0x1f

/** A scene that waits for its turn, what began it, and what follows if it has no answer. */
export type WaitingScene = SceneCall & Following & { entry?: string }

type State = {
  conversations?: VersionedState<ConversationData> | undefined
  /** Scenes that a delivery wished to begin while another was running. */
  waiting?: WaitingScene[] | undefined
  /** The scene whose first question has no answer yet, and what began it. */
  asked?: { entry: string; scene: string } | undefined
  /** The button that shares the phone number stands under the chat. */
  contactKey?: true | undefined
}

/**
 * The state of one dialogue while one update is applied to it. It is written once, after the update, together with
 * the update's id: a crash
 * in between two writes would feed the same answer to the next question.
 */
export class Session {
  readonly #id: string
  readonly #version: number
  readonly #lastUpdate: string | undefined
  readonly #loaded: string
  #state: State
  /** Where the scene of `asked` stood when the update came. */
  #stood: string | undefined

  private constructor(id: string, version: number, lastUpdate: string | undefined, json: string) {
    this.#id = id
    this.#version = version
    this.#lastUpdate = lastUpdate
    this.#loaded = json
    this.#state = JSON.parse(json)
    this.#stood = this.#standing
  }

  static async load(id: string): Promise<Session> {
    const record = await Dialogue.at(id)
    const json = record?.state ? unpack(open(record.state)) : '{}'
    return new Session(id, record?.version ?? 0, record?.lastUpdate, json)
  }

  /** Whether this update was applied already; then a crash kept it from being marked as done. */
  holds(update: string): boolean {
    return this.#lastUpdate === update
  }

  get conversations(): State['conversations'] {
    return this.#state.conversations
  }

  set conversations(conversations: State['conversations']) {
    this.#state = { ...this.#state, conversations }
  }

  get contactKey(): boolean {
    return this.#state.contactKey ?? false
  }

  set contactKey(stands: boolean) {
    this.#state = { ...this.#state, contactKey: stands || undefined }
  }

  /** Leaves out the dialogues of scenes that no longer exist: an orphan would block every scene to come. */
  keepOnly(known: (scene: string) => boolean): void {
    const { conversations } = this
    const waiting = this.#state.waiting?.filter(({ scene }) => known(scene))
    this.#state = { ...this.#state, waiting: waiting?.length ? waiting : undefined }
    if (!conversations || Object.keys(conversations.state).every(known)) return
    const kept = Object.entries(conversations.state).filter(([scene]) => known(scene))
    this.conversations = { ...conversations, state: Object.fromEntries(kept) }
  }

  wait(call: WaitingScene): void {
    this.#state = { ...this.#state, waiting: [...(this.#state.waiting ?? []), call] }
  }

  /** Takes the next scene that waits, unless one is running. */
  nextWaiting(): WaitingScene | undefined {
    const [next, ...rest] = this.#state.waiting ?? []
    if (!next || this.isRunning) return undefined
    this.#state = { ...this.#state, waiting: rest.length > 0 ? rest : undefined }
    return next
  }

  /** Notes that a scene has asked its first question, unless it has ended without one. Answers whether it has. */
  ask(entry: string, scene: string): boolean {
    if (!this.conversations?.state[scene]) return false
    this.#state = { ...this.#state, asked: { entry, scene } }
    this.#stood = this.#standing
    return true
  }

  /** Whether the scene that this began still waits for its first answer. What it refused is none. */
  awaits(entry: string): boolean {
    return this.#state.asked?.entry === entry
  }

  /** Leaves the scene that this began. */
  leave(entry: string): void {
    const { asked, conversations } = this.#state
    if (!conversations || asked?.entry !== entry) return
    const { [asked.scene]: _, ...others } = conversations.state
    this.conversations = { ...conversations, state: others }
  }

  /**
   * Writes what the update changed. An update that changed nothing leaves no mark here: after a crash it is applied
   * again, and what it
   * said is said again.
   * @throws when somebody else has replaced the state since it was loaded
   */
  async save(update: string): Promise<void> {
    if (this.#standing !== this.#stood) this.#state = { ...this.#state, asked: undefined }
    const json = this.isRunning || this.#state.waiting ? JSON.stringify(this.#state) : '{}'
    if (json === this.#loaded) return
    const state = json === '{}' ? null : seal(pack(json))
    if (await Dialogue.replace({ id: this.#id, version: this.#version, lastUpdate: update, state })) return
    throw new Error(`The dialogue ${this.#id} was changed by another update while this one was applied`)
  }

  get #standing(): string | undefined {
    const { asked, conversations } = this.#state
    return asked && JSON.stringify(conversations?.state[asked.scene])
  }

  get isRunning(): boolean {
    return Object.keys(this.#state.conversations?.state ?? {}).length > 0
  }
}

function pack(json: string): string | Buffer {
  return json.length < packFrom ? json : gzipSync(json, { level: constants.Z_BEST_SPEED })
}

/** A packed state begins as gzip does, another as JSON does. */
function unpack(state: Buffer): string {
  return (state[0] === packed ? gunzipSync(state) : state).toString()
}
