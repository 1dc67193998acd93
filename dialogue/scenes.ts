import { createConversation } from '@grammyjs/conversations'
import type { Context, Middleware } from 'grammy'
import type { SceneCall } from '../models/callback-data.ts'
import { RecordedTalk } from './recorded-talk.ts'
import type { AnyScene } from './scene.ts'
import type { Skill } from './skill.ts'
import type { TalkParts } from './talk-parts.ts'
import type { VisitContext } from './visit.ts'

/** Every scene of these skills: those they list, and those that commands, phrases and other messages begin. */
export function scenesOf(skills: readonly Skill[]): AnyScene[] {
  const scenes = skills.flatMap(({ scenes = [], commands = {}, phrases = {}, otherwise, firstly }) => [
    ...scenes,
    ...Object.values(commands),
    ...Object.values(phrases).filter((scene) => scene !== undefined),
    ...(otherwise ? [otherwise] : []),
    ...(firstly ? [firstly.scene] : []),
  ])
  const byId = new Map(scenes.map((scene) => [scene.id, scene]))
  const twins = scenes.find((scene) => byId.get(scene.id) !== scene)
  if (twins) throw new Error(`Two different scenes have the id "${twins.id}": give one of them another name`)
  return [...byId.values()]
}

/**
 * Gives the update to the running scene, and makes the others enterable further down. grammY learns of a scene only
 * when it is running or
 * entered: a kind has dozens, and each that it knows costs every update.
 */
export function offerScenes(scenes: readonly AnyScene[], parts: TalkParts): Middleware<VisitContext> {
  const conversations = new Map(
    scenes.map(({ id, run }) => [
      id,
      createConversation<VisitContext, Context>(async (conversation, ctx, args) => {
        await run(await RecordedTalk.begin(parts, conversation, ctx), args)
      }, id),
    ]),
  )
  return async (ctx, next) => {
    const known = new Set<string>()
    ctx.offer = async (id, then) => {
      const conversation = conversations.get(id)
      if (!conversation) throw new Error(`The scene "${id}" is in no skill of the kind "${parts.bot.record.kind}"`)
      if (known.has(id)) return then()
      known.add(id)
      await conversation(ctx, then)
    }
    const running = Object.keys(ctx.conversation.active())
    const through = running.reduceRight((then, id) => () => ctx.offer(id, then), next)
    await through()
  }
}

/** Begins a scene; one that is running is left. Only below `offerScenes`. */
export async function enter(ctx: VisitContext, { scene, args }: SceneCall): Promise<void> {
  await ctx.conversation.exitAll()
  await ctx.offer(scene, async () => {})
  await ctx.conversation.enter(scene, args)
}

/** Begins the scene that was wished for further up: by a button, or by a delivery. */
export async function enterWished(ctx: VisitContext, next: () => Promise<void>): Promise<void> {
  const { entering } = ctx.visit
  if (!entering) return next()
  await enter(ctx, entering)
}
