import type { Update } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import type { GroupView } from '../chat-view.ts'
import { startTestSandbox, type TestBot, tempDir } from './start.ts'

/** Alice's group with Umid, and a bot outside. */
async function startGroup() {
  const sandbox = await startTestSandbox()
  const [bot, alice, umid] = await Promise.all([sandbox.bot(), sandbox.person('Alice'), sandbox.person('Umid')])
  const group = await alice.group('Night shift', { members: [umid] })
  return { ...sandbox, shop: bot, alice, umid, group, umids: await umid.inGroup('Night shift') }
}

async function news(bot: TestBot): Promise<Update[]> {
  const updates: Update[] = (await bot.call('getUpdates')).result
  const last = updates.at(-1)
  if (last) await bot.call('getUpdates', { offset: last.update_id + 1 })
  return updates
}

const texts = async (bot: TestBot) => (await news(bot)).map(({ message }) => message?.text)

describe('people in a group', () => {
  test('talk to each other, reply, edit and delete, and see who came and went', async () => {
    const { alice, umid, group, umids, newPerson } = await startGroup()
    const hello = await umids.sends('Salom')
    expect(await group.sees('Salom')).toMatchObject({ from: { first_name: 'Umid' }, outgoing: false })
    await group.sends('Hello', { replyTo: hello.message_id })
    expect(await umids.sees('Hello')).toMatchObject({ reply_to_message: { text: 'Salom' } })
    await umids.edits(hello.message_id, 'Salom!')
    await group.sees('Salom!')
    const vera = await newPerson('Vera')
    await group.adds(vera)
    await umids.sees('Alice Admin added Vera')
    await group.renames('Day shift')
    await (await vera.inGroup('Day shift')).leaves()
    await group.sees('Vera left the group')
    await expect(umids.deletes((await group.sends('mine')).message_id)).rejects.toThrow('Only an administrator')
    await expect(umids.removes(alice)).rejects.toThrow('Only an administrator')
    await group.removes(umid)
    await expect(umids.sends('Still here?')).rejects.toThrow('Umid is not in this group')
    const view = await group.view()
    expect(view.members).toMatchObject([{ first_name: 'Alice', status: 'creator', is_bot: false }])
    expect(view.messages.map(({ text, service }) => service ?? text)).toEqual([
      ...['Alice Admin created the group “Night shift”', 'Salom!', 'Hello', 'Alice Admin added Vera'],
      ...[
        'Alice Admin renamed the group to “Day shift”',
        'Vera left the group',
        'mine',
        'Alice Admin removed Umid User',
      ],
    ])
  })

  test('find it in their list of chats, with what is unread', async () => {
    const { api, alice, umid, group, umids } = await startGroup()
    await group.sends('One')
    const lines = await api<object[]>('GET', `/people/${umid.person.id}/chats`)
    expect(lines).toMatchObject([
      { peer: { id: group.id, type: 'group', title: 'Night shift' }, unread: 2, last: { text: 'One' }, stopped: false },
    ])
    await api('POST', `/people/${umid.person.id}/chats/${group.id}/read`)
    expect(await api('GET', `/people/${umid.person.id}/chats`)).toMatchObject([{ unread: 0 }])
    await umids.leaves()
    expect(await api('GET', `/people/${umid.person.id}/chats`)).toEqual([])
    expect(await api('GET', `/people/${alice.person.id}/chats`)).toMatchObject([{ unread: 1 }])
  })
})

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

describe('a group that becomes a supergroup', () => {
  test('is a new chat for bots, the old one tells where it went', async () => {
    const { shop, umid, group, umids } = await startGroup()
    await group.adds('shop_bot')
    await group.sends('before')
    const old = group.id
    await news(shop)
    await group.migrates()
    expect(group.id).toBeLessThan(-1_000_000_000_000)
    expect(await news(shop)).toMatchObject([
      { my_chat_member: { chat: { id: group.id, type: 'supergroup' }, new_chat_member: { status: 'member' } } },
      { message: { chat: { id: old }, migrate_to_chat_id: group.id } },
      { message: { chat: { id: group.id }, migrate_from_chat_id: old } },
    ])
    expect(await shop.call('sendMessage', { chat_id: old, text: 'Hi' })).toMatchObject({
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: group.id },
    })
    await shop.call('sendMessage', { chat_id: group.id, text: 'Hi' })
    await umids.sees('Hi')
    expect((await umids.view()).messages.map(({ text, service }) => service ?? text)).toContain('before')
    await group.removes('shop_bot')
    expect((await news(shop)).at(-1)?.my_chat_member?.new_chat_member).toMatchObject({
      status: 'kicked',
      until_date: 0,
    })
    expect((await shop.call('sendMessage', { chat_id: group.id, text: 'Hi' })).description).toBe(
      'Forbidden: bot was kicked from the supergroup chat',
    )
    await expect(umids.migrates()).rejects.toThrow('supergroup already')
    expect((await umids.view()).members.map(({ id }) => id)).toContain(umid.person.id)
  })

  test('is there after a restart, as are its members and what they wrote', async () => {
    const dir = await tempDir()
    const before = await startTestSandbox({ dir })
    await before.bot()
    const group = await (await before.person('Alice')).group('Night shift', { members: ['shop_bot', 'umid'] })
    await group.sends('one')
    await group.migrates()
    await group.sends('two')
    const view: GroupView = await group.view()
    await before.close()
    const after = await startTestSandbox({ dir })
    const again = await (await after.person('Alice')).inGroup('Night shift')
    expect(await again.view()).toEqual(view)
    expect((await again.sends('three')).message_id).toBe((view.messages.at(-1)?.message_id ?? 0) + 1)
  })
})

describe('BotFather', () => {
  test('keeps a bot out of groups, and lets it read all in those it is added to from then on', async () => {
    const { shop, alice, group, umids, bot, api } = await startGroup()
    const father = alice.chat('BotFather')
    for (const text of ['/newbot', 'Own', 'own_bot']) await father.sends(text)
    await father.sees('Done')
    const set = async (command: string, choice: string) => {
      await father.sends(command)
      await father.sends('@own_bot')
      await father.presses(choice)
      await father.sees('Now it is')
    }
    await set('/setjoingroups', 'Disable')
    await expect(umids.adds('own_bot')).rejects.toThrow('its owner forbids it')
    await expect(umids.adds('BotFather')).rejects.toThrow('cannot be added to groups')
    const own = await bot('own_bot')
    expect((await own.call('getMe')).result.can_join_groups).toBe(false)
    await set('/setjoingroups', 'Enable')
    await group.adds('own_bot')
    await set('/setprivacy', 'Disable')
    expect((await own.call('getMe')).result.can_read_all_group_messages).toBe(true)
    await news(own)
    await umids.sends('chatter')
    expect(await texts(own)).toEqual([])
    await group.removes('own_bot')
    await group.adds('own_bot')
    await news(own)
    await umids.sends('chatter')
    expect(await texts(own)).toEqual(['chatter'])
    expect(await texts(shop)).toEqual([])
    await expect(api('POST', `/people/${alice.person.id}/groups`, { title: ' ' })).rejects.toThrow('title')
  })
})
