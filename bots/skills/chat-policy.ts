import { doerOf } from '../../acts/authorise.ts'
import { chatPolicy, setChatPolicy } from '../../acts/chats.ts'
import { defineMenu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { chatPolicies } from '../../models/chat.ts'
import { toBot, toChats } from '../../scenes/menus.ts'

/** Whether a bot may be added to chats; `.set` changes it. */
export const policyMenu = defineMenu<[bot: string]>('chats.policy', (viewer, bot) => policyOf(viewer, bot))

export const setPolicy = defineMenu<[bot: string, to: string]>('chats.policy.set', async (viewer, bot, to) => {
  await setChatPolicy(doerOf(viewer), bot, to)
  return { ...(await policyOf(viewer, bot)), toast: viewer.t('chat-policy.set') }
})

async function policyOf(viewer: Viewer, id: string): Promise<Page> {
  const { t, tHtml } = viewer
  const { bot, policy, messenger } = await chatPolicy(doerOf(viewer), id)
  const { name, username } = bot
  const forbidden = policy !== 'disabled' && messenger.mayJoin === false
  const hearsLittle = policy !== 'disabled' && messenger.mayJoin !== false && messenger.hearsAll === false
  const lines = [
    tHtml(`chat-policy.${policy}`, { name, username }),
    tHtml('chat-policy.stays'),
    ...(forbidden ? [tHtml('chat-policy.forbidden', { username })] : []),
    ...(hearsLittle ? [tHtml('chat-policy.hearsLittle', { username })] : []),
  ]
  const choices = chatPolicies.map((one) => ({
    text: `${one === policy ? '✅ ' : ''}${t(`chat-policy.to-${one}`)}`,
    ...setPolicy.with(id, one),
  }))
  return {
    text: lines.join('\n\n'),
    buttons: [
      ...choices.map((choice) => [choice]),
      [{ text: t('bot-card.chats'), ...toChats(id) }],
      [{ text: t('common.back'), ...toBot(id) }],
    ],
  }
}
