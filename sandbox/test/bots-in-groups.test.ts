import type { Update } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import { news, startGroup, texts } from './group-fixture.ts'

describe('a bot in a group', () => {
  test('is told that it was added, promoted and removed, and by whom', async () => {
    const { shop, alice, group, umids } = await startGroup()
    await umids.adds('@shop_bot')
    await group.promotes('shop_bot')
    await group.demotes('shop_bot')
    await group.removes('shop_bot')
    const updates = await news(shop)
    const changes = updates.flatMap(({ my_chat_member }) => my_chat_member ?? [])
    expect(changes.map(({ from, new_chat_member }) => `${from.first_name}: ${new_chat_member.status}`)).toEqual([
      ...['Umid: member', 'Alice: administrator', 'Alice: member', 'Alice: left'],
    ])
    expect(changes[0]).toMatchObject({
      chat: { id: group.id, type: 'group', title: 'Night shift' },
      old_chat_member: { status: 'left', user: { id: shop.id } },
    })
    const service = updates.flatMap(({ message }) => message ?? [])
    expect(service).toMatchObject([
      { from: { first_name: 'Umid' }, new_chat_members: [{ id: shop.id, is_bot: true }] },
      { from: { id: alice.person.id }, left_chat_member: { id: shop.id } },
    ])
  })

  test('reads with privacy on what is meant for it, and all as an administrator', async () => {
    const { bot, shop, group, umids } = await startGroup()
    const other = await bot('other_bot')
    await group.adds('shop_bot')
    await group.adds('other_bot')
    await Promise.all([news(shop), news(other)])
    for (const text of ['chatter', '/start', '/key@shop_bot', 'ask @other_bot']) await umids.sends(text)
    expect(await texts(shop)).toEqual(['/start', '/key@shop_bot'])
    expect(await texts(other)).toEqual(['/start', 'ask @other_bot'])
    const { message_id } = (await other.call('sendMessage', { chat_id: group.id, text: 'Here' })).result
    await umids.sends('/start')
    await umids.sends('Thanks, /key@shop_bot', { replyTo: message_id })
    expect(await texts(shop)).toEqual([])
    expect(await texts(other)).toEqual(['/start', 'Thanks, /key@shop_bot'])
    await group.removes('other_bot')
    await news(shop)
    for (const text of ['/start', 'chatter']) await umids.sends(text)
    expect(await texts(shop)).toEqual(['/start'])
    await group.promotes('shop_bot')
    await news(shop)
    await umids.sends('chatter')
    expect(await texts(shop)).toEqual(['chatter'])
  })

  test('hears of other members where it is an administrator and asked for it', async () => {
    const { shop, umid, group } = await startGroup()
    await shop.call('getUpdates', { allowed_updates: ['chat_member'] })
    await group.adds('shop_bot')
    await group.removes(umid)
    await group.promotes('shop_bot')
    await group.adds(umid)
    expect(await news(shop)).toMatchObject([
      {
        chat_member: {
          from: { first_name: 'Alice' },
          new_chat_member: { status: 'member', user: { id: umid.person.id } },
        },
      },
    ])
  })

  test("asks who is there, leaves, and is told in Telegram's words that it cannot write", async () => {
    const { bot, shop, umid, alice, group } = await startGroup()
    const chat_id = group.id
    const refusal = async (method: string, more: object = {}) => {
      const { error_code, description } = await shop.call(method, { chat_id, ...more })
      return `${error_code} ${description}`
    }
    expect(await refusal('sendMessage', { text: 'Hi' })).toBe('400 Bad Request: chat not found')
    await group.adds('shop_bot')
    expect((await shop.call('getChat', { chat_id })).result).toMatchObject({ type: 'group', title: 'Night shift' })
    expect((await shop.call('getChatMemberCount', { chat_id })).result).toBe(3)
    expect((await shop.call('getChatAdministrators', { chat_id })).result).toMatchObject([
      { status: 'creator', user: { id: alice.person.id } },
    ])
    const statusOf = async (user_id: number) => (await shop.call('getChatMember', { chat_id, user_id })).result?.status
    const stranger = await bot('other_bot')
    expect(await Promise.all([alice.person.id, umid.person.id, shop.id, stranger.id].map(statusOf))).toEqual([
      ...['creator', 'member', 'member', 'left'],
    ])
    expect(await refusal('getChatMember', { user_id: 1 })).toBe('400 Bad Request: user not found')
    const keyboard = [[{ text: 'My phone', request_contact: true }]]
    expect(await refusal('sendMessage', { text: 'Phone?', reply_markup: { keyboard } })).toBe(
      '400 Bad Request: phone number can be requested in private chats only',
    )
    const theirs = await group.sends('mine')
    expect(await refusal('deleteMessage', { message_id: theirs.message_id })).toBe(
      "400 Bad Request: message can't be deleted",
    )
    expect((await shop.call('leaveChat', { chat_id })).result).toBe(true)
    await group.sees('Shop left the group')
    expect(await refusal('sendMessage', { text: 'Hi' })).toBe('403 Forbidden: bot is not a member of the group chat')
    await group.adds('shop_bot')
    await group.removes('shop_bot')
    expect(await refusal('getChat')).toBe('403 Forbidden: bot was kicked from the group chat')
    await alice.chat('shop_bot').start()
    expect(await refusal('leaveChat', { chat_id: alice.person.id })).toBe(
      "400 Bad Request: chat member status can't be changed in private chats",
    )
  })

  test('gets presses from whoever pressed, and files that people sent there', async () => {
    const { url, shop, umid, group, umids } = await startGroup()
    await group.adds('shop_bot')
    await group.promotes('shop_bot')
    const reply_markup = { inline_keyboard: [[{ text: 'Take it', callback_data: 'take' }]] }
    await shop.call('sendMessage', { chat_id: group.id, text: 'Who?', reply_markup })
    await news(shop)
    const answered = umids.presses('Take it')
    const [update] = (await shop.call('getUpdates', { timeout: 5 })).result
    expect(update.callback_query).toMatchObject({
      data: 'take',
      from: { id: umid.person.id },
      message: { chat: { id: group.id } },
    })
    await shop.call('answerCallbackQuery', { callback_query_id: update.callback_query.id, text: 'Yours' })
    expect(await answered).toEqual({ text: 'Yours' })
    await shop.call('getUpdates', { offset: update.update_id + 1 })
    await umids.sendsDocument('list.csv', Buffer.from('a,b'))
    const [{ message }] = (await news(shop)) as [Update]
    const { file_path } = (await shop.call('getFile', { file_id: message?.document?.file_id })).result
    expect(await (await fetch(`${url}/file/bot${shop.token}/${file_path}`)).text()).toBe('a,b')
  })
})
