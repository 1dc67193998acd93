import { describe, expect, test } from 'vitest'
import type { GroupView } from '../chat-view.ts'
import { news, startGroup, texts } from './group-fixture.ts'
import { startTestSandbox, tempDir } from './start.ts'

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
