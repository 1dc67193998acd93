import { defineKind } from '../dialogue/kind.ts'
import { accounts } from './skills/accounts.ts'
import { basics } from './skills/basics.ts'
import { keys } from './skills/keys.ts'
import { notifications } from './skills/notifications.ts'

/** A bot that brings people the notifications of their company. */
export const assistant = defineKind({
  id: 'assistant',
  skills: [accounts, keys, notifications, basics],
})
