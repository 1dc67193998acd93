import { setTimeout as pause } from 'node:timers/promises'

/** A user of the directory, and the bot that reaches them. */
export type Callee = { userId: string; bot: string }

export type Call = Callee & {
  nth: number
  text: string
  /** Calls with one are repeated when they were not acknowledged. */
  idempotencyKey: string | undefined
  /** Set when the call was acknowledged. */
  notificationId?: string
  /** The call was acknowledged only when it was repeated. */
  repeated?: true
  /** When it was sent and answered, by a monotonic clock. */
  sentAt: number
  answeredAt: number
}

type Answer = { success: boolean; message?: string; notificationId?: string; [field: string]: unknown }

/** Another system that calls Rookery so many times a second, and remembers what was acknowledged. */
export class Caller {
  /** Where the nth request goes. */
  readonly #url: (nth: number) => string
  readonly #apiKey: string
  readonly users: Callee[]
  #requests = 0
  readonly #underWay = new Set<Promise<void>>()
  #calling: Promise<void> | undefined
  #stopped = false
  readonly calls: Call[] = []
  /** Answers that neither acknowledge a call nor are a failure of the server. */
  readonly refusals: string[] = []

  constructor(url: (nth: number) => string, { apiKey, users }: { apiKey: string; users: Callee[] }) {
    this.#url = url
    this.#apiKey = apiKey
    this.users = users
  }

  begin(perSecond: number): void {
    this.#calling = this.#callUntilStopped(1000 / perSecond)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#calling
    await Promise.all(this.#underWay)
  }

  /** Makes the calls again that were not acknowledged and carry an Idempotency-Key, until they are. */
  async repeatUnanswered(): Promise<void> {
    const unanswered = this.calls.filter(({ idempotencyKey, notificationId }) => idempotencyKey && !notificationId)
    await Promise.all(
      unanswered.map(async (call) => {
        call.repeated = true
        for (;;) {
          await this.#make(call)
          if (call.notificationId) return
          await pause(500)
        }
      }),
    )
  }

  /** @throws when the server cannot be reached or says 5xx */
  async call(bot: string, alias: string, params: object, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#url(this.#requests++)}/api/v1/bots/${bot}/call/${alias}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#apiKey}`, ...headers },
      body: JSON.stringify({ script_request_params: params }),
      signal: AbortSignal.timeout(15_000),
    })
    if (response.status >= 500) throw new Error(`${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }

  async #callUntilStopped(everyMs: number): Promise<void> {
    const from = performance.now()
    for (let nth = 1; !this.#stopped; nth++) {
      const callee = this.users[nth % this.users.length] as Callee
      const text = `Call ${nth} for ${callee.userId}`
      const idempotencyKey = nth % 2 ? `call-${nth}` : undefined
      const call: Call = { nth, ...callee, text, idempotencyKey, sentAt: 0, answeredAt: 0 }
      this.calls.push(call)
      const made = this.#make(call).finally(() => this.#underWay.delete(made))
      this.#underWay.add(made)
      await pause(Math.max(0, from + nth * everyMs - performance.now()))
    }
  }

  async #make(call: Call): Promise<void> {
    const { userId, bot, text, idempotencyKey } = call
    call.sentAt = performance.now()
    let answer: Answer
    try {
      answer = await this.call(
        bot,
        'notify',
        { userIds: [userId], text },
        idempotencyKey ? { 'idempotency-key': idempotencyKey } : {},
      )
    } catch {
      // Not acknowledged: it may have been carried out or not.
      return
    }
    call.answeredAt = performance.now()
    if (answer.success && answer.notificationId) call.notificationId = answer.notificationId
    else if (!call.repeated) this.refusals.push(`call ${call.nth}: ${answer.message}`)
  }
}
